// Changes of the cart that went around the script: a `fetch` that the theme had put aside, a beacon, an app's frame.

import { cartAction } from "./address.js";
import { followInTurn } from "./follow.js";

/** Follows the cart after each of them; the browser's list of requests tells addresses, and not methods. */
export function watchDetours() {
  new PerformanceObserver((list) => {
    if (list.getEntries().some(({ name }) => cartAction(name, "post"))) followInTurn();
  }).observe({ type: "resource" });
}
