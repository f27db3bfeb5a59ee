// A page that goes away has no time left to ask: what it was about to send is sent at once, held or not.

let leave;

/** Resolves when the page goes away; read it anew for each wait. */
export let departure;
/** Whether it has gone: requests then outlive it only with `keepalive`. */
export let hasLeft;

stay();

function stay() {
  hasLeft = false;
  departure = new Promise((done) => {
    leave = done;
  });
}

/** Watches for the page's end, and for its return by the browser's back button. */
export function watchDeparture() {
  addEventListener("pagehide", () => {
    hasLeft = true;
    leave();
  });
  addEventListener("pageshow", () => {
    if (hasLeft) stay();
  });
}
