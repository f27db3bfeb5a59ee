// What judging a cart costs, in thousands of instructions, as budget/ counts them and rounded up. Shopify stops a function
// at 11,000 for 200 lines, and then lets the cart pass. We stop before, and ask the buyer to divide the cart.

const MOST = 8000;
const BASE = 60;
const LINE = 16;
// What a line costs more where its variant is scarce, and where it names a hold besides.
const SCARCE = 13.7;
const NAMED = 10;
// How much of both is spent before the line is looked at.
const READING = 9;
// Reading a character of the table, which is ASCII, or of the names in the cart, which may be anything.
const OF_TABLE = 0.04;
const OF_NAMES = 0.08;
// QuickJS collects garbage once more where there is more to do than the first loop, and where much is read.
const GARBAGE = 500;
const GARBAGE_OF_READING = 750;
const MUCH = 5000;

/** A line, where a stock stands on several: all lines are looked at again. */
export const AGAIN = 20;
/** A stock that the first loop left undecided. */
export const STOCK = 26;
/** A hold that the cart's attribute names. */
export const NAME = 7;
/** Finding one hold in the table. */
export const SEARCH = 32;

/** What an input leaves, before a line of it is looked at, for the work on its lines. */
export function workAtFirst({ cart, validation }) {
  const names = cart.holds?.v?.length ?? 0;
  let table = 0;
  for (const page in validation) for (const digit in validation[page]?.j) table += validation[page].j[digit].length;
  const reading = LINE * cart.lines.length + OF_TABLE * table + OF_NAMES * names;
  return MOST - BASE - reading - (table + names > MUCH ? GARBAGE_OF_READING : 0);
}

/** How many scarce lines that suffices for, of so many that have been read. */
export function scarceLinesWithin(work, lines) {
  return (work - READING * lines) / (SCARCE + NAMED - READING);
}

/** What is left of it after the first loop. */
export function workThen(work, { scarce, named }) {
  return work - SCARCE * scarce - NAMED * named - GARBAGE;
}
