// Carts changed by a plain form, which no script of the theme took over.

import { cartAction } from "./address.js";
import { change } from "./ask-keeper.js";
import { readAdded } from "./body.js";

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
  change(readAdded(new FormData(form)), async (body) => sendNow(form, body)).finally(() => waiting.delete(form));
}

// The browser sends it, so that `return_to` and uploads work as ever. A field may bear the name of any member of the
// form and hide it: hence the prototype's own `submit`, and Reflect, which does not throw then.
function sendNow(form, body) {
  Reflect.set(form, "onformdata", ({ formData }) => {
    for (const [name, value] of body || []) if (/_bazico_/.test(name)) formData.set(name, value);
  });
  HTMLFormElement.prototype.submit.call(form);
}
