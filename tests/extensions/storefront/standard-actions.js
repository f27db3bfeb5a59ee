// What Shopify injects into every Liquid storefront, as far as a cart is concerned: actions that write to the Storefront
// API, and dispatch their event before they do. A theme may configure one, once; an agent's tools call it.
(() => {
  const api = (query, variables) =>
    fetch("/api/2026-10/graphql.json", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables }),
    })
      .then((answer) => answer.json())
      .then(({ data }) => Object.values(data)[0]);

  let configured;

  function updateCart(payload, options) {
    const byDefault = () =>
      payload.lines[0].id
        ? api("mutation { cartLinesUpdate }", { lines: payload.lines })
        : api("mutation { cartLinesAdd }", { lines: payload.lines });
    let settle;
    const promise = new Promise((...how) => {
      settle = how;
    });
    promise.catch(() => {});
    const event = new Event("shopify:cart:lines-update", { bubbles: true });
    const action = payload.lines[0].id ? "update" : "add";
    document.dispatchEvent(Object.assign(event, { action, context: "standard-action", lines: payload.lines, promise }));
    const handled = configured?.handler ? configured.handler(byDefault, payload, options) : byDefault();
    handled.then(...settle);
    return promise;
  }

  updateCart.configure = (how) => !configured && Boolean((configured = how));
  updateCart.isDefault = () => !configured;
  const actions = { updateCart, getCart: async () => ({ cart: await api("{ cart }") }), openCart: async () => {} };
  window.Shopify = { ...window.Shopify, actions: Object.freeze(actions) };
  window.kept = { updateCart };
})();
