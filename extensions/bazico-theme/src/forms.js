// Carts changed by a plain form, which no script of the theme took over.

import { cartAction } from "./address.js";
import { HOLD_FIELD, readAdded } from "./body.js";
import { change } from "./change.js";
import { inTurn } from "./turn.js";

// Forms that wait for their hold: pressed again, they are still sent once.
const waiting = new WeakSet();

export function watchForms() {
  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    // The theme sends it itself, or its button goes elsewhere (Buy now).
    if (event.defaultPrevented || submitter?.hasAttribute("formaction")) return;
    if (cartAction(form.action, form.method) !== "add") return;
    event.preventDefault();
    if (!waiting.has(form)) holdAndSend(form);
  });
}

function holdAndSend(form) {
  waiting.add(form);
  inTurn(() => change(readAdded(new FormData(form)), async (body) => sendNow(form, body))).finally(() =>
    waiting.delete(form),
  );
}

// The browser sends it, so that `return_to` and uploads work as ever. A field may bear the name of any member of the
// form and hide it: hence the prototype's own `submit`, and Reflect, which does not throw then.
function sendNow(form, body) {
  const hold = body?.get(HOLD_FIELD);
  Reflect.set(form, "onformdata", ({ formData }) => hold && formData.set(HOLD_FIELD, hold));
  HTMLFormElement.prototype.submit.call(form);
}
