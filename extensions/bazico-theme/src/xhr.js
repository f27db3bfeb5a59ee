// Carts changed by `XMLHttpRequest`, as older themes do.

import { isActing } from "./acting.js";
import { cartAction } from "./address.js";
import { change } from "./ask-keeper.js";
import { copyOf, readAdded } from "./body.js";

// XMLHttpRequest.DONE; the theme may have put something else in that class's place.
const DONE = 4;
const END_EVENTS = ["readystatechange", "load", "loadend"];

export function watchXhr() {
  // Not by assignment, which throws in a theme that lets nobody replace it.
  Reflect.set(window, "XMLHttpRequest", heldRequest());
}

// Made when the script starts, so that a class of the theme's own is extended and not lost.
function heldRequest() {
  return class extends XMLHttpRequest {
    // Ours are the first listeners: while bazicoDone waits for the answer, the theme hears nothing of the end.
    constructor() {
      super();
      for (const name of END_EVENTS) {
        this.addEventListener(name, (event) => {
          if (!this.bazicoDone || this.readyState < DONE) return;
          event.stopImmediatePropagation();
          setTimeout(this.bazicoDone, 0, true);
        });
      }
    }

    open(...how) {
      const [method, url, isAsync] = how;
      // A synchronous request cannot wait; detours.js sees it afterwards.
      this.bazicoAction = isAsync !== false && cartAction(url, method);
      super.open(...how);
    }

    send(body) {
      const action = this.bazicoAction;
      if (!action || isActing) return super.send(body);
      const own = copyOf(body);
      const sent = (changed = own) =>
        new Promise((done) => {
          this.bazicoDone = done;
          super.send(changed);
        });
      change(action === "add" && readAdded(own), sent).then(({ refusal }) => {
        if (refusal) showRefusal(this, refusal);
        this.bazicoDone = undefined;
        announceEnd(this);
      }, () => {});
    }
  };
}

function showRefusal(request, refusal) {
  const text = JSON.stringify(refusal);
  const shown = {
    readyState: DONE,
    status: refusal.status,
    responseText: text,
    response: request.responseType === "json" ? refusal : text,
  };
  for (const [name, value] of Object.entries(shown)) Object.defineProperty(request, name, { value });
}

// Without a status the network failed: the browser has said `error`, and there is no `load`.
function announceEnd(request) {
  for (const name of END_EVENTS) {
    if (request.status || name !== "load") request.dispatchEvent(new ProgressEvent(name));
  }
}
