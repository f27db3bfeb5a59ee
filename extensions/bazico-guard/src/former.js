// What variants told before: {"free": units, "holds": {"<hold id>": units}}. A shop has such values until the service has
// written them anew; for that time we judge by them.

import { isOwn } from "./names.js";

const WHOLE_ID = 36;
const MAX_ATTRIBUTE_LENGTH = 200 * (WHOLE_ID + 1);

/**
 * The stocks of these lines of which the cart asks for more than is free or held for it.
 *
 * @param {Array<object>} lines
 * @param {object} cart
 * @returns {Array<{told: string, units: number}>}
 */
export function formerlyShort(lines, cart) {
  if (lines.length === 0) return [];
  const named = new Set(cart.holds?.v?.slice(0, MAX_ATTRIBUTE_LENGTH).split(","));
  const stocks = new Map();
  for (const [at, line] of lines.entries()) {
    const { free, holds } = line.m.g.j;
    if (!Number.isInteger(free) || typeof holds !== "object" || holds === null || Array.isArray(holds)) continue;
    const hold = line.a?.v;
    if (hold && isOwn(hold, cart.name?.v)) named.add(hold.slice(0, WHOLE_ID));
    // A hold is of one SKU. Where there is none nobody else has units, and each line is judged by itself.
    const key = Object.keys(holds)[0] ?? at;
    const stock = stocks.get(key) ?? { free: Math.max(0, free), holds, asked: 0 };
    stock.asked += line.q;
    stocks.set(key, stock);
  }
  return [...stocks.values()]
    .map(({ free, holds, asked }) => ({ told: "", asked, units: free + heldBy(named, holds) }))
    .filter(({ asked, units }) => units < asked);
}

function heldBy(named, holds) {
  let units = 0;
  for (const hold in holds) if (named.has(hold) && holds[hold] > 0) units += holds[hold];
  return units;
}
