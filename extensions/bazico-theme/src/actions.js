// Shopify's standard actions and events, by which apps, agents and newer themes change the cart.

import { acting, isActing } from "./acting.js";
import { askKeeper, change } from "./ask-keeper.js";

// Shopify's own `updateCart`, once we stand before it.
let original;

/** Stands before `Shopify.actions.updateCart`; what goes around it tells the event that it dispatches. */
export function watchActions() {
  addEventListener("shopify:cart:lines-update", (event) => {
    if (!isActing) askKeeper("holdArrival", event, original && setLine);
  });
  standBefore();
  // Shopify's module may run after this script, and has run by then.
  addEventListener("DOMContentLoaded", standBefore);
}

// Not by its `configure`, which is the theme's.
function standBefore() {
  try {
    const { actions } = Shopify;
    if (original || !actions.updateCart) return;
    original = actions.updateCart;
    const updateCart = new Proxy(original, { apply: (target, self, [payload, options]) => hold(payload, options) });
    Shopify.actions = Object.create(actions, { updateCart: { value: updateCart } });
  } catch {}
}

async function hold(payload, options) {
  const send = (lines) => acting(() => original(lines ? { ...payload, lines } : payload, options));
  if (!payload?.lines) return send();
  const { answer, refusal } = await change(readLines(payload.lines), send, setLine);
  return refusal ? refused(refusal) : answer;
}

// Only what is added: of a line that changes only its id is told.
function readLines(lines) {
  if (lines.some(({ id }) => id)) return;
  const copies = lines.map((line) => ({ ...line }));
  const read = (line) => ({
    id: `${line.merchandiseId}`.split("/").pop(),
    quantity: line.quantity,
    write: (key, value) => {
      line.attributes = [...(line.attributes || []), { key, value }];
    },
  });
  return { lines: copies.map(read), body: () => copies };
}

async function setLine(line) {
  const { userErrors } = await acting(() => original({ lines: [line] }));
  if (userErrors?.length) throw userErrors;
}

// Words that an agent can pass on, and when it may try again.
async function refused({ message, retry_at }) {
  const { cart } = await Shopify.actions.getCart();
  return {
    cart,
    userErrors: [{ code: "MERCHANDISE_NOT_ENOUGH_STOCK", field: ["lines"], message }],
    detail: { retry_at },
  };
}
