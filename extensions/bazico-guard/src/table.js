// The table of the living holds of those stocks that have more than their variants tell. It is in four metafields of the
// validation, each an object by the first digit of the ends of the holds' ids; a string of records, in the order of these ends:
//
//     4136c566a962 00k3x 2     (without the spaces)
//     |            |     units, 78 at most; a hold of more has several records, one behind the other. So all is ASCII
//     |            the key of the stock
//     the end of the hold's id

import { ID, KEY, ZERO } from "./facts.js";

const RECORD = ID + KEY + 1;
const MOST_IN_ONE = 78;
const DIGITS = "0123456789abcdef";

/**
 * The table's strings by the digit that these ends begin with; undefined where a part is not there, so that nothing is known.
 *
 * @param {object | undefined} pages
 * @returns {Record<string, string> | undefined}
 */
export function tableOf(pages) {
  if (!pages) return undefined;
  const table = Object.assign({}, pages.p1?.j, pages.p2?.j, pages.p3?.j, pages.p4?.j);
  for (let at = 0; at < DIGITS.length; at += 1) if (typeof table[DIGITS[at]] !== "string") return undefined;
  return table;
}

/**
 * Tells the units of some holds by the keys of their stocks; a hold that does not live has none. Without a table nothing
 * is known, and any number is granted.
 *
 * @param {Record<string, string> | undefined} table
 * @param {Iterable<string>} ids their ends, each once
 * @returns {(key: string) => number}
 */
export function unitsByKey(table, ids) {
  if (!table) return () => Infinity;
  const units = new Map();
  for (const id of ids) {
    const records = table[id[0]] ?? "";
    let at = placeOf(records, id);
    if (at < 0) continue;
    const key = records.slice(at + ID, at + ID + KEY);
    let held = unitsAt(records, at);
    if (held === MOST_IN_ONE) {
      while (at > 0 && records.startsWith(id, at - RECORD)) at -= RECORD;
      for (held = 0; records.startsWith(id, at); at += RECORD) held += unitsAt(records, at);
    }
    units.set(key, (units.get(key) ?? 0) + held);
  }
  return (key) => units.get(key) ?? 0;
}

const unitsAt = (records, at) => records.charCodeAt(at + ID + KEY) - ZERO;

function placeOf(records, id) {
  let low = 0;
  let high = records.length / RECORD - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = middle * RECORD;
    const found = records.slice(at, at + ID);
    if (found === id) return at;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
