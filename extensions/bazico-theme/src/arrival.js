// What came into the cart through Shopify's own action, without asking us.

import { identityOf, unitsWhere } from "./cart.js";
import { changes } from "./change.js";
import { followCart } from "./follow.js";
import { items } from "./memory.js";
import { say } from "./note.js";
import { takeBack } from "./take-back.js";
import { inTurn } from "./turn.js";

/**
 * Holds it, or takes it back and says why.
 *
 * @param {{promise?: Promise<*>, lines?: Array<{merchandiseId?: string, quantity: number}>}} event that it begins; only what
 *   is added can be told from what was there, of anything else the guard decides
 */
export async function holdArrival({ promise, lines }, setLine) {
  const sent = changes;
  const known = items;
  try {
    await promise;
    // It went through one of our doors all the same.
    if (sent !== changes) return;
    const why = await inTurn(async () => {
      const refusal = await followCart();
      if (refusal) await takeBack(without(items, lines, known), setLine);
      return refusal;
    });
    if (why) say(why.text);
  } catch {}
}

// The items as they were before these lines, as far as can be told; never fewer than were known.
function without(now, lines, known) {
  const added = {};
  for (const { merchandiseId, quantity } of lines) {
    const variant = `${merchandiseId}`.split("/").pop();
    added[variant] = (added[variant] || 0) + quantity;
  }
  return now.map((item) => {
    const had = unitsWhere(known, (other) => identityOf(other) === identityOf(item));
    const came = Math.max(0, Math.min(added[item.variant_id] || 0, item.quantity - had));
    added[item.variant_id] -= came;
    return { ...item, quantity: item.quantity - came };
  });
}
