// What came into the cart and cannot be held goes out again, and nothing else.

import { identityOf, unitsOf, unitsWhere } from "./cart.js";
import { isHeld } from "./holds.js";
import { changeLine, readCart } from "./network.js";

// Keys change under us at worst: then the cart is left alone, and the guard decides at the checkout.
const TRIES = 9;

/**
 * Lowers the lines that have more than in the items `before` and whose SKU is not held, each from a fresh reading.
 *
 * @param {(line: {id: string, quantity: number}) => Promise<*>} setLine throws when no line has this key any more
 * @returns {Promise<boolean | undefined>} whether there was such a line
 */
export async function takeBack(before, setLine = changeLine) {
  let found;
  for (let tries = 0; tries < TRIES; tries++) {
    const line = firstSurplus(before, (await readCart()).items);
    if (!line) break;
    found = true;
    await setLine(line).catch(() => {});
  }
  return found;
}

function firstSurplus(before, items) {
  for (const item of items) {
    const { key: id, sku, quantity } = item;
    const identity = identityOf(item);
    const units = (all) => unitsWhere(all, (other) => identityOf(other) === identity);
    const surplus = units(items) - units(before);
    if (surplus > 0 && sku && !isHeld({ sku, quantity: unitsOf(items, sku) })) {
      return { id, quantity: Math.max(0, quantity - surplus) };
    }
  }
}
