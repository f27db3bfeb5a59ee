// What Shopify injects into every Liquid storefront, as far as a cart's lines are concerned: actions that write to the
// Storefront API, and dispatch their event before they do. A theme may configure one, once; apps and agents call it. The
// real API is told the cart's id; the stand-in knows the cart by its cookie.
(() => {
  const root = window.Shopify?.routes?.root ?? "/";
  const CART = "cart { id totalQuantity lines(first: 250) { nodes { id quantity } } }";
  const ERRORS = "userErrors { code field message } warnings { code message }";

  const api = (query, variables) =>
    fetch(`${root}api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables }),
    })
      .then((answer) => answer.json())
      .then(({ data }) => Object.values(data)[0]);

  const write = (name, kind, lines) => api(`mutation ($lines: [${kind}!]!) { ${name}(lines: $lines) { ${CART} ${ERRORS} } }`, { lines });
  const getCart = async () => ({ cart: await api(`{ ${CART} }`) });

  // A line with an id is one that is there; its quantity 0 removes it.
  async function byDefault({ lines = [] }) {
    const [changed, added] = [lines.filter(({ id }) => id), lines.filter(({ id }) => !id)];
    let answer = { ...(lines.length ? {} : await getCart()), userErrors: [], warnings: [] };
    if (changed.length) answer = await write("cartLinesUpdate", "CartLineUpdateInput", changed);
    if (added.length) answer = await write("cartLinesAdd", "CartLineInput", added);
    return answer;
  }

  function announce({ lines = [] }, target, context, promise) {
    for (const [action, some] of [["add", lines.filter(({ id }) => !id)], ["update", lines.filter(({ id }) => id)]]) {
      if (!some.length) continue;
      const event = new Event("shopify:cart:lines-update", { bubbles: true });
      target.dispatchEvent(Object.assign(event, { action, context, lines: some, promise }));
    }
  }

  function configurable(call) {
    let configured;
    const action = (...asked) => call(configured ?? {}, ...asked);
    action.configure = (how) => !configured && Boolean((configured = how));
    action.isDefault = () => !configured;
    return action;
  }

  const updateCart = configurable(({ handler, eventTarget }, payload, options = {}) => {
    let settle;
    const promise = new Promise((...how) => {
      settle = how;
    });
    promise.catch(() => {});
    announce(payload, eventTarget?.(payload) ?? document, options.context ?? "standard-action", promise);
    const work = () => byDefault(payload);
    (handler ? handler(work, payload, options) : work()).then(...settle);
    return promise;
  });
  const openCart = configurable(async ({ handler }, ...asked) => {
    if (handler) await handler(() => location.assign(`${root}cart`), ...asked);
    else location.assign(`${root}cart`);
  });
  window.Shopify = { ...window.Shopify, actions: Object.freeze({ updateCart, getCart, openCart }) };
})();
