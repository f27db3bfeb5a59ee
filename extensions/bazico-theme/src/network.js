// How the script asks Shopify's cart and, through the shop's app proxy, the service.

import { config } from "./config.js";

// A buyer who waits for more than this buys elsewhere; docs/storefront.md says what happens then.
const SERVICE_MS = 800;
const CART_MS = 3000;

/** The page's `fetch` as it was before this script replaced it. */
export const originalFetch = window.fetch?.bind(window);

/**
 * Asks the service.
 *
 * @returns {Promise<{status?: number, body?: object, skew?: number}>} empty when it does not answer in time
 */
export function callService(path, sent) {
  return ask(config.proxy + path, SERVICE_MS, sent).catch(() => ({}));
}

/** Shopify's cart as it is now. Throws when Shopify does not tell. */
export const readCart = () => callCart("");

/** Changes one line of the cart. Throws when Shopify refuses. */
export const changeLine = (line) => callCart("/change", line);

/** Changes quantities or attributes of the cart. Throws when Shopify refuses. */
export const updateCart = (changes) => callCart("/update", changes);

async function callCart(path, sent) {
  // `?bazico` marks our own writes, which need not be watched (address.js).
  const { status, body } = await ask(`${config.cart + path}.js${sent ? "?bazico" : ""}`, CART_MS, sent);
  if (status !== 200) throw new Error(`cart ${status}`);
  return body;
}

// `skew`: milliseconds that this browser's clock is ahead of the shop's. `Date` is cut to whole seconds and the answer
// took its time; the second less makes the skew too small rather than too large, and no hold is shown for too long.
async function ask(url, patienceMs, sent) {
  const begun = Date.now();
  const answer = await originalFetch(url, {
    signal: AbortSignal.timeout(patienceMs),
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
