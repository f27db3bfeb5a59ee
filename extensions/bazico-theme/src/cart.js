// Counting in Shopify's cart, whose lines may share a SKU.

/** The units of the items whose member `name` is `value`. */
export function unitsWith(items, name, value) {
  return items.reduce((units, item) => units + (item[name] === value && item.quantity), 0);
}

/** A line for each SKU with all its units; nothing is held for items without a SKU. */
export function unitsBySku(items) {
  const skus = new Set(items.map(({ sku }) => sku));
  return [...skus].filter(Boolean).map((sku) => ({ sku, quantity: unitsWith(items, "sku", sku) }));
}
