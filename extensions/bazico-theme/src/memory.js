// What the browser remembers of the cart, from page to page and for all tabs, in localStorage.

/**
 * cart: the cart's name at the service. holds: by SKU, {id, quantity, ends, last, term}, or {sku, quantity} of a SKU that
 * the service does not know; `last` is the latest end that more time can give it, `term` how long it lives in all, in ms. used: the cart had lines when it was last looked at. token: Shopify's name of it by then. linked: the
 * one that the service knows. pending: what the service has not decided yet (pending.js).
 *
 * Read it anew after each wait: another tab may have replaced it.
 */
export let memory = { holds: {} };

/** Reads what other tabs wrote. Storage that is closed, or full of rubbish, changes nothing. */
export function recall() {
  try {
    memory = { holds: {}, ...JSON.parse(localStorage.bazico) };
  } catch {}
}

/** Writes for other pages and tabs; gives the cart a name if it has none. */
export function save() {
  memory.cart ||= crypto.randomUUID();
  try {
    localStorage.bazico = JSON.stringify(memory);
  } catch {}
}

/** The cart's items when this page last read them. */
export let items = [];

// Shopify's name of the cart by then; an empty one has another name each time.
let shopifyCart;

/** Shopify's name of the cart, without the part that is a secret. */
export const tokenOf = (cart) => cart.token.split("?")[0];

/** Shopify's name of the cart, if the service should be told. */
export const unlinked = () => (shopifyCart === memory.linked ? undefined : shopifyCart);

/** Whether the service knows whose a line of this cart is that names neither its hold nor its cart. */
export const isLinked = () => shopifyCart && !unlinked();

/**
 * Goes by the name that Shopify's cart bears, if it was given to this very cart: a copy bears its first cart's name, whose
 * holds are not its own. A cart that had lines and is now empty and unnamed was bought: its holds belong to the order, and
 * the next cart gets another name.
 */
export function adopt(cart) {
  recall();
  const { _bazico_cart: named, _bazico_token: token } = cart.attributes;
  const own = tokenOf(cart);
  ({ items } = cart);
  shopifyCart = items.length ? own : undefined;
  if (!named) {
    if (memory.used && !items.length) begin();
  } else if (named !== memory.cart) {
    if (token === own) begin(named);
    else if (memory.token !== own) begin();
  }
  save();
}

function begin(name) {
  memory = { cart: name, holds: {} };
}
