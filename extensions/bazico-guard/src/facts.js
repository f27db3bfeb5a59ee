// What a scarce variant tells, in one string, because a string is the cheapest JSON to read:
//
//     00k3x 0 1 4136c566a962 01403 ~ Camiseta     (without the spaces)
//     |     | | |            |       |
//     |     | | |            |       the product's title; what is not ASCII is escaped as in an address
//     |     | | |            units that carts without a name hold, and the time of day at which the first held unit comes
//     |     | | |            free, or no time; both are left out where there is neither
//     |     | | the end of the id of the only living hold
//     |     | the units of that hold; 0 where there is none, and no id; "+" where the table has them all
//     |     units that nobody holds
//     the key of the SKU's stock
//
// A number is one character: the one whose code is that of "0" and as much more.

/** How many characters the key of a stock has. */
export const KEY = 5;
/** Where the end of a hold's id begins, which tells it from every other: 48 random bits. The beginning is a time. */
export const END = 24;
/** How many characters the end has. */
export const ID = 12;
/** The code of the character for 0. */
export const ZERO = 48;
/** Where the free units are. */
export const FREE = 5;
/** Where the hold's units are, or a character below 0. */
export const HELD = 6;
/** Where the hold's id is. */
export const HOLD = 7;

/** Whether the variant tells of units that somebody holds. */
export function isHeld(told) {
  return told.charCodeAt(HELD) > ZERO || told[HELD] === "+";
}

/** Units that carts without a name hold: nobody can tell which of those has them, so each of them may. */
export function namelessUnits(told) {
  return Math.max(0, more(told).charCodeAt(0) - ZERO) || 0;
}

/** When the first held unit comes free, as 14:03 by the shop's clock; empty where nothing is told of it. */
export function untilOf(told) {
  const time = more(told).slice(1);
  return time && `${time.slice(0, 2)}:${time.slice(2)}`;
}

/** The product's title. */
export function titleOf(told) {
  const title = told.slice(endOf(told) + 1);
  try {
    return decodeURIComponent(title);
  } catch {
    return title;
  }
}

const more = (told) => told.slice(startOf(told), endOf(told));
const startOf = (told) => (told.charCodeAt(HELD) > ZERO ? HOLD + ID : HOLD);
// A number may be written as the sign that ends the facts, so we look behind those of one character.
const endOf = (told) => told.indexOf("~", startOf(told));
