/*! Built from extensions/bazico-theme/src by `npm run build`; docs/storefront.md. */

// The keeper of the app embed: it holds what enters the cart, and shows how long. The doors (index.js) ask it; which of the
// two files runs first does not matter.

import { holdArrival } from "./arrival.js";
import { change } from "./change.js";
import { config } from "./config.js";
import { draw } from "./countdown.js";
import { watchDeparture } from "./departure.js";
import { element, mayStart } from "./element.js";
import { followInTurn } from "./follow.js";
import { memory, recall } from "./memory.js";
import { watchNote } from "./note.js";

if (mayStart && !element.keeper) start();

function start() {
  element.keeper = { change, holdArrival, followInTurn };
  element.arrived?.();
  watchDeparture();
  watchNote();
  // Another tab of this shop changed what is held.
  addEventListener("storage", () => {
    recall();
    draw();
  });
  addEventListener("online", () => followInTurn());
  // Back by the browser's button: the page is as it was, the cart may not be.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) followInTurn();
  });
  recall();
  // A visitor who never had a cart costs the shop no request.
  if (config.cartPage || config.items || memory.cart) followInTurn({ quiet: !config.cartPage });
}
