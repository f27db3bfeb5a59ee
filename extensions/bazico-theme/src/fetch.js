// Carts changed by `fetch`.

import { isActing } from "./acting.js";
import { cartAction } from "./address.js";
import { change } from "./ask-keeper.js";
import { copyOf, readAdded } from "./body.js";
import { hasLeft } from "./departure.js";
import { originalFetch } from "./element.js";


export function watchFetch() {
  // Not by assignment, which throws in a theme that lets nobody replace it.
  Reflect.set(window, "fetch", heldFetch);
}

function heldFetch(input, init) {
  const action = cartAction(input?.url || input, init?.method || input?.method);
  // With `keepalive` it is meant to outlive the page and cannot wait; detours.js sees it afterwards.
  if (!action || init?.keepalive || isActing) return originalFetch(input, init);
  const body = copyOf(init?.body);
  const send = (changed = body) => originalFetch(input, body ? { ...init, body: changed, keepalive: hasLeft() } : init);
  return change(action === "add" && readAdded(body), send).then(({ answer, refusal }) =>
    refusal ? Response.json(refusal, refusal) : answer,
  );
}
