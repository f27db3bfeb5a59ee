/*! Built from extensions/bazico-theme/src by `npm run build`; docs/storefront.md. */

// The app embed: a unit is held when it enters the cart, whatever button or script puts it there.
//
// It is a guest in a theme that it does not know. It keeps what it needs of the page before the theme can change it, a
// failure of its own lets the theme's request through as it was, and the cart is never lost.

import { config } from "./config.js";
import { draw } from "./countdown.js";
import { watchDeparture } from "./departure.js";
import { watchDetours } from "./detours.js";
import { watchFetch } from "./fetch.js";
import { followInTurn } from "./follow.js";
import { watchForms } from "./forms.js";
import { memory, recall } from "./memory.js";
import { watchNote } from "./note.js";
import { watchXhr } from "./xhr.js";

if (config) start();

function start() {
  watchDeparture();
  watchFetch();
  watchXhr();
  watchForms();
  watchNote(() => followInTurn({ anew: true }));
  // Another tab of this shop changed what is held.
  addEventListener("storage", () => {
    recall();
    draw();
  });
  // Back by the browser's button: the page is as it was, the cart may not be.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) followInTurn();
  });
  watchDetours();
  recall();
  // A visitor who never had a cart costs the shop no request.
  if (config.cartPage || config.items || memory.cart) followInTurn({ quiet: !config.cartPage });
}
