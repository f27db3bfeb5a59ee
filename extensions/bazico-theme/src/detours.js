// Changes of the cart that went around the script: a `fetch` that the theme had put aside, a beacon, an app's frame, the
// Storefront API, an agent.

import { mayChangeCart } from "./address.js";
import { askKeeper } from "./ask-keeper.js";

/** Follows the cart after each of them; the browser's list of requests tells addresses, and not methods. */
export function watchDetours() {
  new PerformanceObserver((list) => {
    if (list.getEntries().some(({ name }) => mayChangeCart(name))) askKeeper("followInTurn");
  }).observe({ type: "resource" });
}
