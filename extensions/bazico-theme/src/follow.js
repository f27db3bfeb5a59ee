// The holds follow the cart: what left it is given back, what is in it is held, and the cart names its holds.

import { unitsBySku, unitsWith } from "./cart.js";
import { config } from "./config.js";
import { draw } from "./countdown.js";
import { isLiving, livingHolds } from "./holds.js";
import { adopt, memory, save } from "./memory.js";
import { callService, readCart, updateCart } from "./network.js";
import { say } from "./note.js";
import { reserve } from "./reserve.js";
import { inTurn } from "./turn.js";

/** Follows the cart when no other tab does; it tells the shopper what cannot be held, unless `quiet`. */
export function followInTurn({ anew, quiet } = {}) {
  const tell = (why) => {
    if (why && !quiet) say(why);
  };
  // Nothing waits for it: a failure leaves the holds as they were, until the cart is next looked at.
  return inTurn(() => followCart({ anew })).then(tell, () => {});
}

/**
 * Brings the holds into line with the cart. A hold that ended stays ended, so that nobody renews it for ever by leaving
 * a tab open; `anew` asks again for those too.
 *
 * @returns {Promise<string | undefined>} why something in the cart is not held
 */
export async function followCart({ anew } = {}) {
  const cart = await readCart();
  adopt(cart);
  await releaseWhatLeft(cart.items);
  const why = await reserveWhatIsIn(cart.items, anew);
  memory.used = cart.items.length;
  save();
  draw();
  await nameHolds(cart);
  return why || (config.cartPage ? firstRefusal(cart.items) : undefined);
}

async function releaseWhatLeft(items) {
  for (const [sku, hold] of Object.entries(memory.holds)) {
    if (unitsWith(items, "sku", sku)) continue;
    delete memory.holds[sku];
    if (isLiving(hold)) await callService("/stock/release", { reservation_id: hold.id });
  }
}

// Line by line: one that cannot be held keeps no other from it.
async function reserveWhatIsIn(items, anew) {
  let why;
  for (const line of unitsBySku(items)) {
    const hold = memory.holds[line.sku];
    const isDue = hold?.quantity !== line.quantity || (anew && !isLiving(hold));
    if (isDue) why = (await reserve([line])) || why;
  }
  return why;
}

// The guard at the checkout, and the order's webhook, know the cart and its holds by these attributes.
async function nameHolds({ items, attributes }) {
  const own = {
    _bazico_cart: memory.cart,
    _bazico_hold: livingHolds()
      .map(({ id }) => id)
      .join(),
  };
  const isNews = Object.keys(own).some((name) => own[name] !== (attributes[name] || ""));
  if (items.length && isNews) await updateCart({ attributes: own });
}

// On the cart page the service says beforehand what the checkout would refuse.
async function firstRefusal(items) {
  const lines = unitsBySku(items).filter(({ sku }) => memory.holds[sku]?.id);
  if (!lines.length) return;
  const { body } = await callService("/cart/validate", { cart_token: memory.cart, lines });
  const refused = body?.lines?.find(({ ok }) => !ok);
  if (refused) return `${items.find(({ sku }) => sku === refused.sku).title}: ${refused.reason}`;
}
