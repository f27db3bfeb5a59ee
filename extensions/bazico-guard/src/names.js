// Which holds a cart names as its own. Buyers can write anything there: the facts decide what a name is worth.

import { END, ID } from "./facts.js";

const WHOLE_ID = 36;

/**
 * Whether a line's hold is this cart's. A line names it as "<hold id>:<end of its cart's name>": copied into another cart
 * it is worth nothing there. A cart without a name is one that our script has not named yet.
 */
export function isOwn(hold, name) {
  return !name || hold.length <= WHOLE_ID + 1 || name.endsWith(hold.slice(WHOLE_ID + 1));
}

/** The ends of the ids of the holds that these lines name. */
export function idsOnLines(lines, name) {
  const ids = [];
  for (const line of lines) {
    const hold = line.a?.v;
    if (hold && isOwn(hold, name)) ids.push(hold.slice(END, END + ID));
  }
  return ids;
}

/** The ends of the ids that the cart's attribute names, with commas between; at most so many. */
export function idsInCart(cart, most) {
  const ids = new Set();
  const value = cart.holds?.v ?? "";
  for (let at = 0; at + WHOLE_ID <= value.length && ids.size < most; at += WHOLE_ID + 1) ids.add(value.slice(at + END, at + END + ID));
  return ids;
}
