// How the script asks Shopify's cart and, through the shop's app proxy, the service.

import { config } from "./config.js";
import { originalFetch } from "./element.js";

const ASIDE_MS = 800;
const CART_MS = 3000;

/**
 * Asks the service, and waits as long as it takes.
 *
 * @returns {Promise<{status?: number, body?: object, skew?: number}>} empty when it does not answer
 */
export function askService(path, sent, signal) {
  return ask(config.proxy + path, sent, signal).catch(() => ({}));
}

/** Asks the service what can be done without: empty when it does not answer in time. */
export const callService = (path, sent) => askService(path, sent, AbortSignal.timeout(ASIDE_MS));

/** Shopify's cart as it is now. Throws when Shopify does not tell. */
export const readCart = () => callCart("");

/** Changes one line of the cart. Throws when Shopify refuses. */
export const changeLine = (line) => callCart("/change", line);

/** Changes quantities or attributes of the cart. Throws when Shopify refuses. */
export const updateCart = (changes) => callCart("/update", changes);

/** Adds lines to the cart, told as JSON or as a form. Throws when Shopify refuses. */
export async function addLines(body) {
  const headers = typeof body === "string" ? { "Content-Type": "application/json" } : {};
  const { ok, status } = await originalFetch(`${config.cart}/add.js?bazico`, { method: "POST", headers, body });
  if (!ok) throw new Error(`cart ${status}`);
}

async function callCart(path, sent) {
  // `?bazico` marks our own writes, which need not be watched (address.js).
  const url = `${config.cart + path}.js${sent ? "?bazico" : ""}`;
  const { status, body } = await ask(url, sent, AbortSignal.timeout(CART_MS));
  if (status !== 200) throw new Error(`cart ${status}`);
  return body;
}

// `skew`: milliseconds that this browser's clock is ahead of the shop's. `Date` is cut to whole seconds and the answer
// took its time; the second less makes the skew too small rather than too large, and no hold is shown for too long.
async function ask(url, sent, signal) {
  const begun = Date.now();
  const answer = await originalFetch(url, {
    signal,
    ...(sent && {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(sent),
    }),
  });
  const skew = begun - 1000 - Date.parse(answer.headers.get("Date")) || 0;
  return { status: answer.status, body: await answer.json(), skew };
}
