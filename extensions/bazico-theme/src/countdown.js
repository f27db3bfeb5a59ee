// The clock: how long the hold that ends first still lives. Shown only while there is one.

import { config } from "./config.js";
import { keep, livingHolds } from "./holds.js";
import { memory, save } from "./memory.js";
import { callService } from "./network.js";
import { say } from "./note.js";

const HOUR_MS = 3_600_000;
const EXTEND_WITHIN_MS = 120_000;
// By our reckoning a hold ends a little early: by a second and the time of a request at most (network.js). After this
// long it is over at the service too.
const OVER_AFTER_MS = 2000;

// Taken at once, as in note.js.
const [clock, time] = ["clock", "time"].map((name) => document.getElementById(`bazico-${name}`));

let nextTick;
let shown;
let extension;

/** Draws the clock now and once a second. `isTick`: time passed and nothing else, so a hold that is missing ran out. */
export function draw(isTick) {
  const holds = livingHolds();
  if (isTick && holds.length < shown) setTimeout(say, OVER_AFTER_MS, config.texts.over, true);
  shown = holds.length;
  clearTimeout(nextTick);
  clock.hidden = !config.countdown || !shown;
  if (!shown) return;
  const left = Math.min(...holds.map(({ ends }) => ends)) - Date.now();
  time.textContent = config.texts.held.replace("[time]", inDigits(left));
  nextTick = setTimeout(draw, 1000, true);
  if (config.cartPage && left < EXTEND_WITHIN_MS && document.hasFocus()) extendOnce();
}

// 04:59, and 1:04:59 as 01:04:59, cut out of 1970-01-01T01:04:59.000Z.
function inDigits(ms) {
  return new Date(ms).toISOString().slice(ms < HOUR_MS ? 14 : 11, 19);
}

// Once a page, and only for a shopper who is looking at the cart.
function extendOnce() {
  extension ||= callService("/stock/extend", { cart_token: memory.cart }).then(
    (answer) => answer.status === 200 && (keep(answer), save()),
  );
}
