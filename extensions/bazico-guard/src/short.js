// Which stocks have too few units for the cart: the slow way, by every hold that the cart names.

import { END, FREE, HELD, HOLD, ID, namelessUnits, ZERO } from "./facts.js";
import { idsInCart, idsOnLines, isOwn } from "./names.js";
import { keyOf, linesTogether } from "./stocks.js";
import { tableOf, unitsByKey } from "./table.js";
import { AGAIN, NAME, SEARCH, STOCK } from "./work.js";

/** Stands for a stock where there was too much work to judge the cart. */
export const TOO_MUCH = { told: "", units: NaN };

/**
 * The stocks of which the cart asks for more than is free or held for it, until there are `most` of them.
 *
 * @param {object} input
 * @param {{undecided: Array<object>, again: Array<object>}} sorted the lines to look at
 * @param {number} work what may be spent
 * @param {number} most
 * @returns {Array<{told: string, units: number}>} units that the cart can have; NaN, in the last, where the work did not
 *   suffice to find that out
 */
export function shortStocks({ cart, validation }, { undecided, again }, work, most) {
  const listed = idsInCart(cart, work / NAME);
  let left = work - NAME * listed.size - (again.length ? AGAIN * cart.lines.length : 0);
  if (left < 0) return [TOO_MUCH];
  const together = linesTogether(cart.lines, again);
  const short = [];
  let inTable;
  for (const lines of stocksOf(undecided, together)) {
    left -= STOCK;
    if (left < 0) return [...short, TOO_MUCH];
    const told = lines[0].m.g.j;
    const asked = askedBy(lines);
    let units = told.charCodeAt(FREE) - ZERO;
    if (units >= asked) continue;
    if (!cart.name?.v) units += namelessUnits(told);
    if (units >= asked) continue;
    if (told[HELD] !== "+") units += heldUnits(told, listed, lines, cart.name?.v);
    else {
      if (!inTable) {
        const inTableLines = [...undecided, ...[...together.values()].flat()].filter(isInTable);
        left -= SEARCH * (inTableLines.length + listed.size);
        // Not half of it: what cannot be judged to its end is not begun.
        if (left < STOCK * (inTableLines.length - 1)) return [...short, TOO_MUCH];
        inTable = unitsByKey(tableOf(validation), new Set([...listed, ...idsOnLines(inTableLines, cart.name?.v)]));
      }
      units += inTable(keyOf(lines[0]));
    }
    if (left < 0) return [...short, TOO_MUCH];
    if (units < asked) short.push({ told, units });
    if (short.length === most) break;
  }
  return short;
}

function* stocksOf(undecided, together) {
  yield* together.values();
  for (const line of undecided) if (!together.size || !together.has(keyOf(line))) yield [line];
}

function isInTable(line) {
  return line.m.g.j[HELD] === "+";
}

function askedBy(lines) {
  let asked = 0;
  for (const line of lines) asked += line.q;
  return asked;
}

// A hold counts once, however often it is named.
function heldUnits(told, listed, lines, name) {
  const units = told.charCodeAt(HELD) - ZERO;
  if (!(units > 0)) return 0;
  const id = told.slice(HOLD, HOLD + ID);
  return listed.has(id) || isOnLines(id, lines, name) ? units : 0;
}

function isOnLines(id, lines, name) {
  for (const line of lines) {
    const hold = line.a?.v;
    if (hold && hold.startsWith(id, END) && isOwn(hold, name)) return true;
  }
  return false;
}
