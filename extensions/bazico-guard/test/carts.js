// Carts as Shopify hands them to the function.

export const HOLD = "8f4f0a10-64ad-4a3e-9a39-3d1a4f0b6f01";
export const OTHER_HOLD = "c2b3a1f0-0d5e-4a86-8b57-1a9d7a0c1e02";

export function line({ variant = 1, sku = `SKU-${variant}`, quantity = 1, hold = null, guard, title = "Camiseta" }) {
  return {
    quantity,
    attribute: hold && { value: hold },
    merchandise: {
      __typename: "ProductVariant",
      id: `gid://shopify/ProductVariant/${variant}`,
      sku,
      product: { title },
      metafield: guard === undefined ? null : { jsonValue: guard },
    },
  };
}

export function cart(lines, { holds = null, name = null, language = "PT_BR" } = {}) {
  return {
    localization: { language: { isoCode: language } },
    cart: { attribute: holds && { value: holds }, name: name && { value: name }, lines },
  };
}
