// A refusal in words, and one more try by itself when the next unit may come free.

import { config } from "./config.js";
import { isHeld } from "./holds.js";
import { say } from "./note.js";

/** A unit that comes free later than this is awaited by no open page, and its time is told with its day. */
export const SOON_MS = 12 * 3_600_000;

let timer;

/**
 * Says why something is not held. While the page stays open it tries once more at the refusal's time, and says what came
 * of it.
 *
 * @param {{text: string, at?: number, line?: {sku: string, quantity: number}}} why `at`: when a unit may come free, in
 *   milliseconds by this browser's clock; `line`: what is short
 * @param {() => Promise<{text: string} | undefined>} [tryAgain] says why it failed again; without it nothing is tried
 */
export function refuse({ text, at, line }, tryAgain) {
  forget();
  const wait = at - Date.now();
  if (!tryAgain || !(wait < SOON_MS)) return say(text);
  const { later, got, see } = config.texts;
  say(`${text} ${later}`);
  const tell = (why) => (isHeld(line) ? say(got, see, () => location.assign(config.cart)) : say(why?.text || text));
  timer = setTimeout(() => tryAgain().then(tell, () => say(text)), wait);
}

/** Does not try again: the shopper does something else by now. */
export const forget = () => clearTimeout(timer);
