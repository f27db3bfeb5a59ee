// A page that goes away has no time left to ask: what it was about to send is sent at once, held or not.

import { element } from "./element.js";

let leave;

/** Resolves when the page goes away; read it anew for each wait. */
export let departure;

/** Whether it has gone: requests then outlive it only with `keepalive`. Both files must know as soon as one does. */
export const hasLeft = () => element.left;

stay();

function stay() {
  departure = new Promise((done) => {
    leave = done;
  });
}

/** Watches for the page's end, and for its return by the browser's back button. */
export function watchDeparture() {
  addEventListener("pagehide", () => {
    element.left = true;
    leave();
  });
  addEventListener("pageshow", ({ persisted }) => {
    element.left = false;
    if (persisted) stay();
  });
}
