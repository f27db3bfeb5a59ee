// What the browser remembers of the cart, from page to page and for all tabs, in localStorage.

/**
 * cart: the cart's name at the service. holds: by SKU, {id, quantity, ends}, or {sku, quantity} of a SKU that the service
 * does not know. used: the cart had lines when it was last looked at.
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

/**
 * Goes by the name that Shopify's cart bears. A cart that had lines and is now empty and unnamed was bought: its holds
 * belong to the order, and the next cart gets another name.
 */
export function adopt({ attributes, items }) {
  recall();
  const named = attributes._bazico_cart;
  const isAnother = named ? named !== memory.cart : memory.used && !items.length;
  if (isAnother) memory = { cart: named, holds: {} };
  save();
}
