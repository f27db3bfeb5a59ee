// Asks the service to hold units for this cart.

import { config } from "./config.js";
import { followInTurn } from "./follow.js";
import { memory, unlinked } from "./memory.js";
import { say } from "./note.js";
import { request } from "./pending.js";

/**
 * Reserves all the lines or none. A quantity is the cart's total of the SKU, so asking twice holds once.
 *
 * @param {Array<{sku: string, quantity: number}>} lines
 * @returns {Promise<{text: string, retry_at?: string} | null | undefined>} why not, in the shopper's words; null when one
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
  const { status, body } = (await request("/stock/reserve", sent, learnLate)) ?? {};
  if (status === 200) return;
  if (status === 404) {
    if (lines.length > 1) return null;
    // Remembered without an end, so that it is not asked again until its quantity changes.
    memory.holds[lines[0].sku] = lines[0];
    return;
  }
  // Empty where the merchant lets the shop sell on without the service.
  if (status !== 409) return config.texts.down && { text: config.texts.down };
  return shortage(body);
}

// Not by asking again: on a slow line that answer would be late too.
function learnLate({ status, body }) {
  if (status === 409) say(shortage(body).text);
  else followInTurn();
}

function shortage({ retry_at, max, in_doubt: inDoubt, detail }) {
  const { retry } = config.texts;
  // The service has the words for more than the shop allows in one line, and for units that are being confirmed.
  const short = max || inDoubt ? detail : config.texts.short;
  if (!retry_at) return { text: short };
  const time = new Date(retry_at).toLocaleTimeString(config.language, { timeStyle: "short" });
  return { text: `${short} ${retry.replace("[time]", time)}`, retry_at };
}
