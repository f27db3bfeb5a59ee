// The holds of this cart, as far as this browser knows.

import { memory, save } from "./memory.js";

export const isLiving = (hold) => hold?.ends > Date.now();

export const livingHolds = () => Object.values(memory.holds).filter(isLiving);

/** Remembers the reservations of an answer, their ends by this browser's clock. */
export function keep({ body, skew }) {
  for (const { sku, reservation_id: id, quantity, expires_at: end } of body.reservations) {
    memory.holds[sku] = { id, quantity, ends: Date.parse(end) + skew };
  }
  save();
}
