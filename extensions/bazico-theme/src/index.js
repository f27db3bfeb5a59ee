/*! Built from extensions/bazico-theme/src by `npm run build`; docs/storefront.md. */

// The doors of the app embed: whatever button or script puts a unit into the cart, the keeper (keeper.js) hears of it, and
// where we stand in the door it is asked first.
//
// It is a guest in a theme that it does not know. It keeps what it needs of the page before the theme can change it, and a
// failure of its own lets the theme's request through as it was.

import { watchActions } from "./actions.js";
import { watchDeparture } from "./departure.js";
import { watchDetours } from "./detours.js";
import { element, mayStart, originalFetch } from "./element.js";
import { watchFetch } from "./fetch.js";
import { watchForms } from "./forms.js";
import { watchXhr } from "./xhr.js";

if (mayStart && !element.hold) {
  element.hold = originalFetch;
  watchDeparture();
  watchFetch();
  watchXhr();
  watchForms();
  watchActions();
  watchDetours();
}
