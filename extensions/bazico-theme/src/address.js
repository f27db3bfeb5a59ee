// Which requests change the cart.

// Any locale's path (/en/cart/add), relative or from the root, with `.js` or without; never another shop's, and not
// those that network.js marks as ours.
const CHANGES_CART = /^([^:?]*\/)?cart\/(add|change|update|clear)\b(?!.*bazico)/;
// The Storefront API, and the address of agents, below whatever root: their bodies are no business of ours, so any of
// them may.
const MAY_CHANGE_CART = /^([^:?]*\/)?api\/[\w-]+\/(graphql|mcp)\b/;

const fromRoot = (url) => `${url}`.replace(location.origin, "");

/** What a request does to the cart: "add", "change", "update", "clear", or something falsy. */
export function cartAction(url, method) {
  if (!/^post$/i.test(method)) return;
  return CHANGES_CART.exec(fromRoot(url))?.[2];
}

/** Whether the cart should be looked at after a request to this address. */
export const mayChangeCart = (url) => cartAction(url, "post") || MAY_CHANGE_CART.test(fromRoot(url));
