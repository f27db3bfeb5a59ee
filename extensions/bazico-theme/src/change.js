// A change of the cart, from the theme to Shopify: held first where that is possible, else held after or taken back.

import { unitsBySku, unitsWith } from "./cart.js";
import { config } from "./config.js";
import { departure } from "./departure.js";
import { followCart } from "./follow.js";
import { isLiving, nameOf } from "./holds.js";
import { adopt, memory, recall, save } from "./memory.js";
import { readCart, updateCart } from "./network.js";
import { say } from "./note.js";
import { reserve } from "./reserve.js";

/**
 * Sends the theme's request, unless the units that it adds cannot be held.
 *
 * @param {ReturnType<import("./body.js").readAdded>} added what it adds, if that could be read
 * @param {(body?: *) => Promise<*>} send sends it, with the body that names the holds if there is one; its answer is
 *   falsy when nobody will be here to read it
 * @returns {Promise<{answer?: *, refusal?: object}>} Shopify's answer, and what the theme gets in its place
 */
export async function change(added, send) {
  const first = await Promise.race([holdFirst(added), departure]).catch(() => {});
  const { before, body, isKnown } = first ?? {};
  let { why } = first ?? {};
  const answer = why ? undefined : await send(body);
  if (answer && before && !isKnown) why = await holdAfter(before).catch(() => {});
  if (why) say(why);
  return { answer, refusal: why && refusalFor(why) };
}

// `isKnown`: each line was told to the service, and the cart need not be looked at again.
async function holdFirst(added) {
  recall();
  save();
  const before = await readCart();
  adopt(before);
  if (!added) return { before };
  const lines = added.lines.map(({ id, quantity }) => ({ sku: config.skus[id], quantity: +quantity || 1 }));
  const had = before.items.filter(({ sku }) => lines.some((line) => line.sku === sku));
  const why = await reserve(unitsBySku([...had, ...lines]));
  for (const line of added.lines) {
    const hold = memory.holds[config.skus[line.id]];
    if (isLiving(hold)) line.nameHold(nameOf(hold));
  }
  return { before, why, body: added.body(), isKnown: why !== null && lines.every(({ sku }) => sku) };
}

// Only the cart tells what was added. What cannot be held is set back to what it was.
async function holdAfter(before) {
  const had = ({ key }) => unitsWith(before.items, "key", key);
  const more = (await readCart()).items.filter((item) => item.quantity > had(item));
  const why = more.length ? await followCart() : undefined;
  if (why) {
    const updates = Object.fromEntries(more.map((item) => [item.key, had(item)]));
    await updateCart({ updates }).catch(() => {});
  }
  return why;
}

// As Shopify refuses a product that is sold out, so that a theme shows it in its own way.
function refusalFor(why) {
  return { status: 422, message: why, description: why, errors: why };
}
