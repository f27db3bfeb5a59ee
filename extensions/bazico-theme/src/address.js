// Which requests change the cart.

// Any locale's path (/en/cart/add), relative or from the root, with `.js` or without; never another shop's, and not
// those that network.js marks as ours.
const CHANGES_CART = /^([^:?]*\/)?cart\/(add|change|update|clear)\b(?!.*bazico)/;

/** What a request does to the cart: "add", "change", "update", "clear", or something falsy. */
export function cartAction(url, method) {
  if (!/^post$/i.test(method)) return;
  return CHANGES_CART.exec(`${url}`.replace(location.origin, ""))?.[2];
}
