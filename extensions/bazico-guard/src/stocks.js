// The one loop over all lines of a cart: what it leaves undecided is little.

import { END, FREE, HELD, HOLD, ID, KEY, ZERO } from "./facts.js";

/**
 * The lines that neither free units nor the hold that they name cover, and those whose stock another line has as well.
 *
 * A call costs more than what it would do here, so the loop reads the facts by itself.
 *
 * @param {object} cart
 * @param {number} most how many scarce lines may be looked at
 * @returns {{undecided: Array<object>, again: Array<object>, former: Array<object>, scarce: number, named: number,
 *   isWhole: boolean}} lines; of `former` the variants tell what they told before; how many lines are scarce, and how
 *   many of those that free units do not cover name a hold; isWhole is false when there were more lines
 */
export function sortedLines({ lines, name }, most) {
  const { length } = lines;
  const free = FREE, held = HELD, start = HOLD, stop = HOLD + ID, zero = ZERO, keyLength = KEY, from = END, to = END + ID;
  const end = name?.v ? `:${name.v.slice(-12)}` : "";
  const stocks = new Set();
  const undecided = [];
  const again = [];
  const former = [];
  let known = 0;
  let named = 0;
  let at = 0;
  for (; at < length; at += 1) {
    const line = lines[at];
    const told = line.m?.g?.j;
    if (!told) continue;
    if (typeof told !== "string") {
      former.push(line);
      continue;
    }
    if (at >= most && stocks.size + again.length >= most) break;
    stocks.add(told.slice(0, keyLength));
    if (stocks.size === known) {
      again.push(line);
      continue;
    }
    known += 1;
    const missing = line.q - told.charCodeAt(free) + zero;
    if (missing <= 0) continue;
    const hold = line.a?.v;
    if (hold) {
      named += 1;
      const covers = told.charCodeAt(held) - zero >= missing && told.slice(start, stop) === hold.slice(from, to);
      if (covers && hold.endsWith(end)) continue;
    }
    undecided.push(line);
  }
  return { undecided, again, former, scarce: known + again.length, named, isWhole: at === length };
}

/**
 * All lines of those stocks that stand on several, by the stocks' keys. Variants that share a SKU share its stock, for a
 * unit is sold once.
 *
 * @param {Array<object>} lines all of the cart
 * @param {Array<object>} again the second and further lines of a stock
 * @returns {Map<string, Array<object>>}
 */
export function linesTogether(lines, again) {
  const stocks = new Map();
  if (again.length === 0) return stocks;
  for (const line of again) stocks.set(keyOf(line), []);
  for (const line of lines) if (typeof line.m?.g?.j === "string") stocks.get(keyOf(line))?.push(line);
  return stocks;
}

/** The key of the stock of a scarce line. */
export function keyOf(line) {
  return line.m.g.j.slice(0, KEY);
}
