// Asks the service to hold units for this cart.

import { config } from "./config.js";
import { followCart, followInTurn } from "./follow.js";
import { memory, unlinked } from "./memory.js";
import { request } from "./pending.js";
import { refuse, SOON_MS } from "./retry.js";
import { inTurn } from "./turn.js";

/**
 * Reserves all the lines or none. A quantity is the cart's total of the SKU, so asking twice holds once.
 *
 * @param {Array<{sku: string, quantity: number}>} lines
 * @returns {Promise<{text: string, retry_at?: string, at?: number, line?: object} | null | undefined>} why not, in the shopper's words; null when one
 *   of several lines is no SKU of the service, which then held none; nothing when the units are held, or need not be
 */
export async function reserve(lines) {
  if (!lines.length) return;
  const sent = {
    cart_token: memory.cart,
    lines,
    idempotency_key: crypto.randomUUID(),
    shopify_cart: unlinked(),
  };
  const answer = (await request("/stock/reserve", sent, learnLate)) ?? {};
  const { status } = answer;
  if (status === 200) return;
  if (status === 404) {
    if (lines.length > 1) return null;
    // Remembered without an end, so that it is not asked again until its quantity changes.
    memory.holds[lines[0].sku] = lines[0];
    return;
  }
  // Empty where the merchant lets the shop sell on without the service.
  if (status !== 409) return config.texts.down && { text: config.texts.down };
  return shortage(answer);
}

// Not by asking again: on a slow line that answer would be late too.
function learnLate(answer) {
  if (answer.status === 409) refuse(shortage(answer), () => inTurn(followCart));
  else followInTurn();
}

// "In other carts until 14:03" is another thing than "sold out". The service has the words for more than the shop allows in
// one line, and for units that are being confirmed.
function shortage({ body, skew }) {
  const { available, retry_at, max, budget, in_doubt: inDoubt, detail, sku, requested: quantity } = body;
  const { some, taken, soldOut, retry } = config.texts;
  const texts = max || budget || inDoubt ? [detail] : available ? [some.replace("[units]", available)] : [];
  if (!retry_at) return { text: texts[0] || soldOut };
  texts.push((texts[0] ? retry : taken).replace("[time]", timeOf(retry_at)));
  // Our reckoning is early by a second and the time of a request at most (network.js).
  const at = Date.parse(retry_at) + skew + 2000;
  return { text: texts.join(" "), retry_at, at, line: { sku, quantity } };
}

/** A time of the service in the shopper's words, with its day where that is not soon. */
export function timeOf(moment) {
  const isSoon = Date.parse(moment) - Date.now() < SOON_MS;
  return new Date(moment).toLocaleString(config.language, { dateStyle: isSoon ? undefined : "short", timeStyle: "short" });
}
