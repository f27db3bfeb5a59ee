// The holds follow the cart: what left it is given back, what is in it is held, and the cart names its holds.

import { unitsBySku, unitsOf } from "./cart.js";
import { config } from "./config.js";
import { draw } from "./countdown.js";
import { isLiving, livingHolds, nameOf, ownEnd } from "./holds.js";
import { adopt, memory, save, tokenOf } from "./memory.js";
import { callService, changeLine, readCart, updateCart } from "./network.js";
import { request, settle } from "./pending.js";
import { reserve, timeOf } from "./reserve.js";
import { refuse } from "./retry.js";
import { inTurn } from "./turn.js";

// One that has not begun yet will see the cart as it is then: nobody needs another.
let isWaiting;

/** Follows the cart when no other tab does; it tells the shopper what cannot be held, unless `quiet`. */
export function followInTurn({ anew, quiet } = {}) {
  if (isWaiting && !anew) return;
  isWaiting = true;
  const begin = () => {
    isWaiting = false;
    return followCart({ anew });
  };
  const tell = (why) => {
    if (why && !quiet) refuse(why, () => inTurn(followCart));
  };
  // Nothing waits for it: a failure leaves the holds as they were, until the cart is next looked at.
  inTurn(begin).then(tell, () => {});
}

/**
 * Brings the holds into line with the cart. A hold that ended stays ended, so that nobody renews it for ever by leaving
 * a tab open; `anew` asks again for those too.
 *
 * @returns {Promise<{text: string} | undefined>} why something in the cart is not held
 */
export async function followCart({ anew } = {}) {
  await settle();
  const cart = await readCart();
  adopt(cart);
  await releaseWhatLeft(cart.items);
  const why = await reserveWhatIsIn(cart.items, anew);
  memory.used = cart.items.length;
  memory.token = tokenOf(cart);
  save();
  draw();
  await nameHolds(cart);
  // Not where something is to be taken back: its key would change meanwhile.
  if (!why) await renameLines(cart.items);
  return why || (config.cartPage ? firstRefusal(cart.items) : undefined);
}

async function releaseWhatLeft(items) {
  for (const [sku, hold] of Object.entries(memory.holds)) {
    if (unitsOf(items, sku)) continue;
    if (isLiving(hold) && !(await request("/stock/release", { reservation_id: hold.id }))) return;
    delete memory.holds[sku];
  }
}

// Line by line: one that cannot be held keeps no other from it.
async function reserveWhatIsIn(items, anew) {
  let why;
  for (const line of unitsBySku(items)) {
    const hold = memory.holds[line.sku];
    const isDue = hold?.quantity !== line.quantity || (anew && !isLiving(hold));
    if (isDue && !memory.pending) why = (await reserve([line])) || why;
  }
  return why;
}

// The guard at the checkout, and the order's webhook, know the cart and its holds by these attributes.
async function nameHolds({ items, attributes, token }) {
  const own = {
    _bazico_cart: memory.cart,
    _bazico_token: tokenOf({ token }),
    _bazico_hold: livingHolds()
      .map(({ id }) => id)
      .join(),
  };
  const isNews = Object.keys(own).some((name) => own[name] !== (attributes[name] || ""));
  if (items.length && isNews) await updateCart({ attributes: own });
}

// Lines that came from another cart name its holds: let them name ours.
async function renameLines(items) {
  for (const { sku, key: id, quantity, properties } of items) {
    const named = properties?._bazico_hold;
    const hold = memory.holds[sku];
    if (!named || named.endsWith(ownEnd()) || !isLiving(hold)) continue;
    await changeLine({ id, quantity, properties: { ...properties, _bazico_hold: nameOf(hold) } });
  }
}

// On the cart page the service says beforehand what the checkout would refuse.
async function firstRefusal(items) {
  const lines = unitsBySku(items).filter(({ sku }) => memory.holds[sku]?.id);
  if (!lines.length) return;
  const { body } = await callService("/cart/validate", { cart_token: memory.cart, lines });
  const refused = body?.lines?.find(({ ok }) => !ok);
  if (!refused) return;
  const { sku, retry_at: until, held, available, reason } = refused;
  const why = until && !held && !available ? config.texts.taken.replace("[time]", timeOf(until)) : reason;
  return { text: `${items.find((item) => item.sku === sku).title}: ${why}` };
}
