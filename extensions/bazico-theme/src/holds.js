// The holds of this cart, as far as this browser knows.

import { memory } from "./memory.js";

export const isLiving = (hold) => hold?.ends > Date.now();

export const livingHolds = () => Object.values(memory.holds).filter(isLiving);

/** The living hold that ends first, if there is one. */
export const firstToEnd = () => livingHolds().sort((one, other) => one.ends - other.ends)[0];

/** Whether a SKU's units are held, or need not be: the service does not know it, or it sells without stock. */
export function isHeld({ sku, quantity }) {
  const hold = memory.holds[sku];
  return hold?.quantity >= quantity && (!hold.id || isLiving(hold));
}

/** What a line says of its hold: its id, and whose it is, so that the guard lets no copy of the line pass on it. */
export const nameOf = (hold) => `${hold.id}:${ownEnd()}`;

/** The end of this cart's name. */
export const ownEnd = () => memory.cart.slice(-12);

/**
 * Remembers the reservations of an answer, their ends by this browser's clock. `isOld`: it may tell of another time, so
 * each is asked for anew when the cart is next followed.
 */
export function keep({ body, skew }, isOld) {
  const { hold_ceiling_seconds: ceiling } = body;
  for (const { sku, reservation_id: id, quantity, created_at: begin, expires_at: end } of body.reservations) {
    const [begun, ends] = [begin, end].map((time) => Date.parse(time) + skew);
    const last = ceiling ? begun + ceiling * 1000 : memory.holds[sku]?.last;
    memory.holds[sku] = { id, quantity: isOld ? 0 : quantity, ends, last, term: ends - begun };
  }
}
