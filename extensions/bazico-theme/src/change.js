// A change of the cart, from the theme to Shopify: held first where that is possible, else held after or taken back.

import { unitsBySku } from "./cart.js";
import { config } from "./config.js";
import { departure } from "./departure.js";
import { followCart, followInTurn } from "./follow.js";
import { isHeld, isLiving, nameOf } from "./holds.js";
import { adopt, isLinked, memory, recall, save } from "./memory.js";
import { addLines, readCart } from "./network.js";
import { reserve } from "./reserve.js";
import { forget, refuse } from "./retry.js";
import { takeBack } from "./take-back.js";
import { inTurn } from "./turn.js";

/** How many changes went through our doors in this page. */
export let changes = 0;

/**
 * Sends the theme's request, unless the units that it adds cannot be held.
 *
 * @param {ReturnType<import("./body.js").readAdded>} added what it adds, if that could be read
 * @param {(body?: *) => Promise<*>} send sends it, with the body that names the holds if there is one; its answer is
 *   falsy when nobody will be here to read it
 * @param {Parameters<takeBack>[1]} [setLine] how a line is set back
 * @returns {Promise<{answer?: *, refusal?: object}>} Shopify's answer, and what the theme gets in its place
 */
export async function change(added, send, setLine) {
  changes++;
  forget();
  const { answer, why } = await inTurn(() => attempt(added, send, setLine));
  if (why) refuse(why, addAgain(added, why));
  return { answer, refusal: why && refusalFor(why) };
}

// The theme has its answer by then, so the line is added by ourselves. An action's caller was told when to try again.
function addAgain(added, { line }) {
  if (!added || Array.isArray(added.body())) return;
  const send = async (body) => {
    if (isHeld(line)) await addLines(body);
  };
  return () =>
    inTurn(() => attempt(added, send))
      .then(({ why }) => why)
      .finally(followInTurn);
}

async function attempt(added, send, setLine) {
  const first = await Promise.race([holdFirst(added), departure]).catch(() => {});
  const { before, body, isKnown } = first ?? {};
  let { why } = first ?? {};
  const answer = why ? undefined : await send(body);
  if (answer && before && !isKnown) why = await holdAfter(before, setLine).catch(() => {});
  return { answer, why };
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
    if (isLiving(hold)) line.write("_bazico_hold", nameOf(hold));
    // The carts webhook may hold this line before the service has decided our call: for the same cart then.
    else if (memory.pending && !isLinked()) line.write("_bazico_cart", memory.cart);
  }
  return { before, why, body: added.body(), isKnown: why !== null && lines.every(({ sku }) => sku) };
}

// Only the cart tells what was added. What cannot be held is set back to what it was.
async function holdAfter(before, setLine) {
  const why = await followCart();
  return why && (await takeBack(before.items, setLine)) ? why : undefined;
}

// As Shopify refuses a product that is sold out, so that a theme shows it in its own way.
function refusalFor({ text, retry_at }) {
  return { status: 422, message: text, description: text, errors: text, retry_at };
}
