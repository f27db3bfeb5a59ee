// The holds of this cart, as far as this browser knows.

import { memory, save } from "./memory.js";

export const isLiving = (hold) => hold?.ends > Date.now();

export const livingHolds = () => Object.values(memory.holds).filter(isLiving);

/** What a line says of its hold: its id, and whose it is, so that the guard lets no copy of the line pass on it. */
export const nameOf = (hold) => `${hold.id}:${ownEnd()}`;

/** The end of this cart's name. */
export const ownEnd = () => memory.cart.slice(-12);

/** Remembers the reservations of an answer, their ends by this browser's clock. */
export function keep({ body, skew }) {
  for (const { sku, reservation_id: id, quantity, expires_at: end } of body.reservations) {
    memory.holds[sku] = { id, quantity, ends: Date.parse(end) + skew };
  }
  save();
}
