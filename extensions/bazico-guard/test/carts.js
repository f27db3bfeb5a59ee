// Carts as Shopify hands them to the function, from facts in plain words.

export const HOLD = "01a2239b-dc39-7d41-9c2a-3d1a4f0b6f01";
export const OTHER_HOLD = "01a2239b-dc55-7a86-8b57-1a9d7a0c1e02";

const digit = (units) => String.fromCharCode(48 + units);
const record = (hold) => hold.slice(-12);
const keyOf = (sku) => String(sku).replace(/\W/g, "").toLowerCase().padStart(5, "0").slice(-5);

/** What a variant tells of `free` units and the `holds` of its stock; the table has them where `inTable` says so. */
export function told({ free, holds, inTable = Object.keys(holds).length > 1, more = "" }, sku, title) {
  const [[id, units] = ["", 0]] = Object.entries(holds);
  const held = inTable ? "+" : digit(units) + record(id);
  return `${keyOf(sku)}${digit(Math.max(0, free))}${held}${more}~${encodeURIComponent(title ?? "")}`;
}

/** A line; `guard` is what is known of its stock, and `value` what its variant tells instead. */
export function line({ variant = 1, sku = `SKU-${variant}`, quantity = 1, hold = null, guard, value, title = "Camiseta" }) {
  const j = value === undefined ? guard && told(guard, sku, title) : value;
  return { q: quantity, a: hold && { v: hold }, m: { g: j === undefined ? null : { j } }, known: guard && { guard, sku } };
}

/** The validation's table for the stocks of these lines, or for records of one's own. */
export function table(lines, records = recordsOf(lines)) {
  const page = (digits) => ({
    j: Object.fromEntries([...digits].map((first) => [first, records.filter((each) => each[0] === first).sort().join("")])),
  });
  return { p1: page("0123"), p2: page("4567"), p3: page("89ab"), p4: page("cdef") };
}

function recordsOf(lines) {
  const records = lines
    .filter((each) => each.known)
    .flatMap(({ known: { guard, sku } }) =>
      Object.entries(guard.holds).map(([id, units]) => recordOf(record(id) + keyOf(sku), units)));
  return [...new Set(records)];
}

const recordOf = (named, units) => (units > 78 ? named + digit(78) + recordOf(named, units - 78) : named + digit(units));

export function cart(lines, { holds = null, name = null, language = "PT_BR", validation = table(lines) } = {}) {
  return {
    localization: { language: { isoCode: language } },
    validation,
    cart: { holds: holds && { v: holds }, name: name && { v: name }, lines: lines.map(({ known, ...each }) => each) },
  };
}

