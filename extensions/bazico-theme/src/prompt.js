// Before the end: one calm question, while more time can be had.

import { config } from "./config.js";
import { draw } from "./countdown.js";
import { followInTurn } from "./follow.js";
import { firstToEnd, keep } from "./holds.js";
import { memory, save } from "./memory.js";
import { callService } from "./network.js";
import { say } from "./note.js";

// Two minutes before the end, and of a short hold in its last third.
const WITHIN_MS = 120_000;
const SHARE = 3;
// Less than this more is not worth a question.
const WORTH_MS = 30_000;

// The end about which this page has asked.
let asked;

/** Asks whether to keep the hold that ends first, once for each end and only who sees the page. */
export function offerMoreTime({ ends, last, term }) {
  const isNear = ends - Date.now() < Math.min(WITHIN_MS, term / SHARE);
  if (!isNear || !(last - ends > WORTH_MS) || ends === asked || document.hidden) return;
  asked = ends;
  ask();
}

const ask = () => say(config.texts.ending, config.texts.keep, extend);

async function extend() {
  const answer = await callService("/stock/extend", { cart_token: memory.cart });
  // It may still be in time.
  if (!answer.status) return ask();
  // Over meanwhile, or the order's by now.
  if (answer.status !== 200) return followInTurn({ anew: true });
  keep(answer);
  save();
  draw();
  const until = new Date(firstToEnd().ends).toLocaleTimeString(config.language, { timeStyle: "short" });
  say(config.texts.kept.replace("[time]", until));
}
