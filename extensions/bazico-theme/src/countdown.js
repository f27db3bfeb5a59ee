// The clock: how long the hold that ends first still lives. Shown only while there is one.

import { config } from "./config.js";
import { followInTurn } from "./follow.js";
import { firstToEnd, livingHolds } from "./holds.js";
import { say } from "./note.js";
import { offerMoreTime } from "./prompt.js";

const HOUR_MS = 3_600_000;
// Who asks for less motion sees the seconds in steps.
const STEP_MS = matchMedia("(prefers-reduced-motion: reduce)").matches ? 10_000 : 1000;
// By our reckoning a hold ends a little early: by a second and the time of a request at most (network.js). After this
// long it is over at the service too.
const OVER_AFTER_MS = 2000;

// Taken at once, as in note.js.
const [clock, time] = ["clock", "time"].map((name) => document.getElementById(`bazico-${name}`));

let nextTick;
let shown;

/** Draws the clock now and once a second or so. `isTick`: time passed and nothing else, so a hold that is missing ran out. */
export function draw(isTick) {
  const holds = livingHolds();
  if (isTick && holds.length < shown) setTimeout(sayOver, OVER_AFTER_MS);
  shown = holds.length;
  clearTimeout(nextTick);
  clock.hidden = !config.countdown || !shown;
  if (!shown) return;
  const first = firstToEnd();
  const left = first.ends - Date.now();
  time.textContent = config.texts.held.replace("[time]", inDigits(left));
  nextTick = setTimeout(draw, Math.min(STEP_MS, left + 1), true);
  offerMoreTime(first);
}

function sayOver() {
  const { over, again } = config.texts;
  say(over, again, () => followInTurn({ anew: true }));
}

// 04:59, and 1:04:59 as 01:04:59, cut out of 1970-01-01T01:04:59.000Z.
function inDigits(ms) {
  return new Date(ms).toISOString().slice(ms < HOUR_MS ? 14 : 11, 19);
}
