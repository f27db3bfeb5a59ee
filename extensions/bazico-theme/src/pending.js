// What the cart asks of the service, one thing at a time: held once, however often a slow line makes us ask.
//
// A request is written down, with its idempotency key, before it is sent, for all tabs and for the next page. After 800 ms
// nobody waits for it, but its answer counts whenever it comes. Until the service has decided it nothing else is asked:
// at the next occasion it goes first, under the same key.

import { draw } from "./countdown.js";
import { followInTurn } from "./follow.js";
import { keep } from "./holds.js";
import { memory, recall, save } from "./memory.js";
import { askService } from "./network.js";

// A buyer who waits for more than this buys elsewhere; docs/storefront.md says what happens then.
const PATIENCE_MS = 800;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;

let retryMs = FIRST_RETRY_MS;
let retry;

/**
 * Asks for something that changes what is held. `whenLate` gets an answer for which nobody waited.
 *
 * @returns {Promise<{status?: number, body?: object} | undefined>} empty when the service has not decided it in time;
 *   nothing when it could not be asked, because something earlier is undecided
 */
export async function request(path, sent, whenLate) {
  await settle();
  if (memory.pending) return;
  memory.pending = { path, sent };
  save();
  return carryOut(false, whenLate);
}

/** Asks once more for what is undecided, if anything is. */
export async function settle() {
  recall();
  if (memory.pending) await carryOut(true);
}

async function carryOut(isAgain, whenLate = followInTurn) {
  const asked = memory.pending;
  let isLate;
  const decision = askService(asked.path, asked.sent).then((answer) => {
    if (!isDecided(answer)) return;
    learn(asked, answer, isAgain);
    if (isLate) {
      draw();
      whenLate(answer);
    }
    return answer;
  });
  const answer = await Promise.race([decision, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  if (answer) return answer;
  isLate = true;
  clearTimeout(retry);
  retry = setTimeout(followInTurn, retryMs, {});
  retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
  return {};
}

function isDecided({ status, body }) {
  return status < 500 && status !== 429 && body.code !== "request_in_progress";
}

function learn({ path, sent }, answer, isAgain) {
  clearTimeout(retry);
  retryMs = FIRST_RETRY_MS;
  recall();
  // Else another tab has learned it, or it was another cart's.
  if (JSON.stringify(memory.pending?.sent) !== JSON.stringify(sent)) return;
  delete memory.pending;
  if (sent.shopify_cart) memory.linked = sent.shopify_cart;
  if (sent.lines && answer.status === 200) keep(answer, isAgain);
  save();
}
