// Whether a cart may go on: the units of each scarce SKU must be free or held for this very cart.
//
// The function has no clock and no network: the service tells it the facts (facts.js, table.js). Shopify stops a function
// that runs too long, and reading the input already takes half of what it may spend on 200 lines. So the query's names
// have one letter, the facts are flat strings, and nearly every line is decided in the first loop, by free units or by
// the hold that it names. docs/guard.md has the figures; budget/ counts them.

import { isHeld, titleOf, untilOf } from "./facts.js";
import { formerlyShort } from "./former.js";
import { shortMessage } from "./messages.js";
import { shortStocks, TOO_MUCH } from "./short.js";
import { sortedLines } from "./stocks.js";
import { scarceLinesWithin, workAtFirst, workThen } from "./work.js";

// Shopify cuts the output at 20 kB; a buyer reads the first few.
const MAX_ERRORS = 10;

/**
 * Shopify's entry point.
 *
 * @param {object} input what cart_validations_generate_run.graphql asks for
 * @returns {{operations: Array<object>}} no operation when the cart may go on
 */
export function cartValidationsGenerateRun(input) {
  const work = workAtFirst(input);
  const sorted = sortedLines(input.cart, scarceLinesWithin(work, input.cart.lines.length));
  const short = shortOf(input, sorted, work);
  if (short.length === 0) return { operations: [] };
  const language = input.localization?.language?.isoCode;
  const errors = short
    .slice(0, MAX_ERRORS)
    .map(({ told, units }) => ({
      message: shortMessage(language, titleOf(told), units, isHeld(told), untilOf(told)),
      target: "$.cart",
    }));
  return { operations: [{ validationAdd: { errors } }] };
}

function shortOf(input, sorted, work) {
  if (!sorted.isWhole) return [TOO_MUCH];
  const short = formerlyShort(sorted.former, input.cart);
  if (sorted.undecided.length === 0 && sorted.again.length === 0) return short;
  return [...short, ...shortStocks(input, sorted, workThen(work, sorted), MAX_ERRORS)];
}
