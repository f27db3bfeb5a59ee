// Counting in Shopify's cart, whose lines may share a SKU.

/** The units of the items for which `is` says so. */
export const unitsWhere = (items, is) => items.reduce((units, item) => units + (is(item) && item.quantity), 0);

/** The units of a SKU. */
export const unitsOf = (items, sku) => unitsWhere(items, (item) => item.sku === sku);

/** A line for each SKU with all its units; nothing is held for items without a SKU. */
export function unitsBySku(items) {
  const skus = new Set(items.map(({ sku }) => sku));
  return [...skus].filter(Boolean).map((sku) => ({ sku, quantity: unitsOf(items, sku) }));
}

/**
 * What a line is, in whatever reading of the cart: its variant, its selling plan and the properties of others. Not its
 * key, which Shopify makes anew when a discount, a plan or a property changes.
 */
export function identityOf({ variant_id: variant, selling_plan_allocation: plan, properties }) {
  const others = Object.entries(properties || {}).filter(([name]) => !name.startsWith("_bazico_"));
  return JSON.stringify([variant, plan?.selling_plan.id, others.sort()]);
}
