// Whether a cart may go on: the units of each scarce SKU must be free or held for this very cart.
//
// The function has no clock and no network. The service writes the facts into the variant's metafield, as
// {"free": units, "holds": {"<hold id>": units}}, while the variant is scarce, and again when a hold begins or ends.
// Its work grows with the input and with nothing else: Shopify stops a function that runs too long, and a shopper must
// not get through by writing a long attribute.

import { shortMessage } from "./messages.js";

// 200 uuids with their commas: a cart whose lines are within Shopify's budget names no more.
const MAX_ATTRIBUTE_LENGTH = 200 * 37;
// Shopify cuts the output at 20 kB; a buyer reads the first few.
const MAX_ERRORS = 10;

/**
 * Shopify's entry point.
 *
 * @param {object} input what cart_validations_generate_run.graphql asks for
 * @returns {{operations: Array<object>}} no operation when the cart may go on
 */
export function cartValidationsGenerateRun(input) {
  const errors = [];
  // Made when a SKU needs it: most carts pass without.
  let named;
  for (const stock of scarceStocks(input.cart).values()) {
    if (isCovered(stock)) continue;
    named ??= namedHolds(input.cart);
    const units = unitsWithin(stock, named);
    if (units >= stock.asked) continue;
    errors.push({ message: shortMessage(input.localization?.language?.isoCode, stock.title, units), target: "$.cart" });
    if (errors.length === MAX_ERRORS) break;
  }
  return { operations: errors.length ? [{ validationAdd: { errors } }] : [] };
}

// The units asked of each stock whose metafield can be read; of any other nothing is known. Variants that share a SKU
// share its stock: each carries the same metafield, and a unit of it is sold once.
function scarceStocks(cart) {
  const stocks = new Map();
  for (const { quantity, merchandise, attribute } of cart.lines) {
    const guard = merchandise.metafield?.jsonValue;
    if (!isReadable(guard)) continue;
    const name = merchandise.sku || merchandise.id;
    const known = stocks.get(name);
    if (known) known.asked += quantity;
    else stocks.set(name, { asked: quantity, guard, hold: ownHold(attribute, cart), title: merchandise.product?.title });
  }
  return stocks;
}

// Enough is free, or held by the name on the stock's first line: the two cases of nearly every cart, told cheaply.
function isCovered({ asked, guard, hold }) {
  const free = Math.max(0, guard.free);
  if (free >= asked) return true;
  const own = hold && Object.hasOwn(guard.holds, hold) ? guard.holds[hold] : 0;
  return own > 0 && free + own >= asked;
}

function isReadable(guard) {
  return guard != null && Number.isInteger(guard.free) && isRecord(guard.holds);
}

function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// What the cart says that it holds. Buyers can write anything there: the metafield decides what a name is worth.
function namedHolds(cart) {
  const listed = cart.attribute?.value;
  const holds = new Set(listed ? listed.slice(0, MAX_ATTRIBUTE_LENGTH).split(",") : undefined);
  for (const line of cart.lines) {
    const hold = ownHold(line.attribute, cart);
    if (hold) holds.add(hold);
  }
  return holds;
}

// A line names its hold as "<hold id>:<end of its cart's name>". Copied into another cart it is worth nothing there. A
// cart without a name is one that our script has not named yet.
function ownHold(attribute, cart) {
  const [hold, end] = attribute?.value?.split(":") ?? [];
  const isAnothers = end && cart.name?.value && !cart.name.value.endsWith(end);
  return isAnothers ? undefined : hold;
}

// Each hold counts once, however many lines name it. After an oversale `free` is negative: nothing is free then, and
// who holds a unit keeps it.
function unitsWithin({ asked, guard }, named) {
  let units = Math.max(0, guard.free);
  for (const hold in guard.holds) {
    if (units >= asked) break;
    if (named.has(hold) && guard.holds[hold] > 0) units += guard.holds[hold];
  }
  return units;
}
