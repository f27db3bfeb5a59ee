// Which carts may go on. Each test is one rule of docs/storefront.md.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cartValidationsGenerateRun } from "../src/index.js";
import { cart, HOLD, line, OTHER_HOLD, table } from "./carts.js";

const passes = (input) => assert.deepEqual(cartValidationsGenerateRun(input), { operations: [] });

function refuses(input, ...messages) {
  const { operations } = cartValidationsGenerateRun(input);
  assert.equal(operations.length, 1);
  const { errors } = operations[0].validationAdd;
  assert.ok(errors.every((error) => error.target === "$.cart"));
  if (messages.length) assert.deepEqual(errors.map((error) => error.message), messages);
  return errors;
}

const HELD_BY_ANA = { free: 0, holds: { [HOLD]: 1 } };

test("an empty cart passes", () => passes(cart([])));

test("a variant without a guard passes in any quantity", () => passes(cart([line({ quantity: 9999 })])));

test("units that are free pass without a hold", () => passes(cart([line({ quantity: 2, guard: { free: 2, holds: {} } })])));

test("one unit more than is free is refused", () => {
  refuses(cart([line({ quantity: 3, guard: { free: 2, holds: {} } })]));
});

test("a line that names its living hold passes", () => passes(cart([line({ hold: HOLD, guard: HELD_BY_ANA })])));

test("a cart that names its living hold in its attribute passes", () => {
  passes(cart([line({ guard: HELD_BY_ANA })], { holds: `${OTHER_HOLD},${HOLD}` }));
});

test("a hold that is another cart's does not help", () => {
  refuses(cart([line({ hold: OTHER_HOLD, guard: HELD_BY_ANA })]));
});

test("a line copied from another cart does not pass on that cart's hold", () => {
  const line1 = line({ hold: `${HOLD}:3d1a4f0b6f01`, guard: HELD_BY_ANA });
  passes(cart([line1], { name: "7d1f6a52-9c3e-4b7a-8f21-3d1a4f0b6f01" }));
  refuses(cart([line1], { name: "c2b3a1f0-0d5e-4a86-8b57-1a9d7a0c1e02" }));
  refuses(cart([line({ quantity: 0, guard: HELD_BY_ANA }), line1], { name: "c2b3a1f0-0d5e-4a86-8b57-1a9d7a0c1e02" }));
});

test("a line passes on the hold that it names before its cart has a name", () => {
  passes(cart([line({ hold: `${HOLD}:3d1a4f0b6f01`, guard: HELD_BY_ANA })]));
});

test("a hold that has ended is refused with the guard's next write", () => {
  refuses(cart([line({ hold: HOLD, guard: { free: 0, holds: {} } })]));
});

test("a hold and free units add up", () => {
  passes(cart([line({ quantity: 3, hold: HOLD, guard: { free: 2, holds: { [HOLD]: 1 } } })]));
});

test("the lines of one variant are summed before they are judged", () => {
  const guard = { free: 1, holds: { [HOLD]: 1 } };
  passes(cart([line({ hold: HOLD, guard }), line({ guard })]));
  refuses(cart([line({ hold: HOLD, guard }), line({ guard }), line({ guard })]));
});

test("variants that share a SKU share its units", () => {
  const guard = { free: 0, holds: { [HOLD]: 2 } };
  const shared = (quantity) => [1, 2].map((variant) => line({ variant, sku: "SKU-1", quantity, hold: HOLD, guard }));
  passes(cart(shared(1)));
  assert.equal(refuses(cart(shared(2))).length, 1);
});

test("a stock's holds in the table are worth as much as one that its variant tells", () => {
  for (const inTable of [false, true]) {
    const guard = { free: 0, holds: { [HOLD]: 2 }, inTable };
    passes(cart([line({ quantity: 2, hold: HOLD, guard })]));
    passes(cart([line({ quantity: 2, guard })], { holds: HOLD }));
    refuses(cart([line({ quantity: 3, hold: HOLD, guard })]));
    refuses(cart([line({ hold: OTHER_HOLD, guard })], { holds: OTHER_HOLD }));
  }
});

test("each of a thousand holds of one stock lets its own cart pass and no other", () => {
  const ids = Array.from({ length: 1000 }, (_, at) => HOLD.slice(0, 24) + (at * 281474976).toString(16).padStart(12, "0"));
  const holds = Object.fromEntries(ids.map((id) => [id, 1]));
  const guarded = line({ guard: { free: 0, holds } });
  const validation = table([guarded]);
  for (const id of ids) {
    passes(cart([{ ...guarded, a: { v: id } }], { validation }));
    refuses(cart([{ ...guarded, q: 2, a: { v: id } }], { validation }));
  }
  refuses(cart([{ ...guarded, a: { v: OTHER_HOLD } }], { validation }));
});

test("a hold of many units is in the table several times, and counts whole", () => {
  const guard = { free: 0, holds: { [HOLD]: 300, [OTHER_HOLD]: 78 } };
  passes(cart([line({ quantity: 300, hold: HOLD, guard })]));
  refuses(cart([line({ quantity: 301, hold: HOLD, guard })]));
  passes(cart([line({ quantity: 78, hold: OTHER_HOLD, guard })]));
  refuses(cart([line({ quantity: 79, hold: OTHER_HOLD, guard })]));
});

test("the beginning of a hold's name is not its name", () => {
  const guard = { free: 0, holds: { [HOLD]: 1, [OTHER_HOLD]: 1 } };
  for (const length of [24, 25, 30, 35]) refuses(cart([line({ hold: HOLD.slice(0, length), guard })]));
});

test("what carts without a name hold is for any of these, and for no other", () => {
  const name = "7d1f6a52-9c3e-4b7a-8f21-3d1a4f0b6f01";
  for (const holds of [{ [HOLD]: 1 }, { [HOLD]: 1, [OTHER_HOLD]: 2 }]) {
    const guard = { free: 0, holds, more: "1" };
    passes(cart([line({ guard })]));
    refuses(cart([line({ guard, quantity: 2 })]));
    refuses(cart([line({ guard })], { name }));
    passes(cart([line({ guard: { ...guard, free: 1 }, quantity: 2 })]));
  }
});

test("a hold in the table is of one stock", () => {
  const guard = { free: 0, holds: { [HOLD]: 1, [OTHER_HOLD]: 1 } };
  const another = { free: 0, holds: {}, inTable: true };
  refuses(cart([line({ hold: HOLD, guard }), line({ variant: 2, hold: OTHER_HOLD, guard: another })]));
});

test("without a table nothing is known of the holds in it, and the cart passes", () => {
  const guard = { free: 0, holds: { [HOLD]: 1, [OTHER_HOLD]: 1 } };
  const whole = table([]);
  for (const validation of [null, {}, { ...whole, p2: null }, { ...whole, p3: { j: null } }, { ...whole, p4: { j: {} } }]) {
    passes(cart([line({ quantity: 9, guard })], { validation }));
  }
});

test("a hold that two lines and the cart name counts once", () => {
  refuses(cart([line({ hold: HOLD, guard: HELD_BY_ANA }), line({ hold: HOLD, guard: HELD_BY_ANA })], { holds: HOLD }));
});

test("two holds of one cart on one variant add up", () => {
  const guard = { free: 0, holds: { [HOLD]: 1, [OTHER_HOLD]: 2 } };
  passes(cart([line({ quantity: 2, hold: HOLD, guard }), line({ hold: OTHER_HOLD, guard })]));
});

test("a hold on one variant does not help another", () => {
  const short = line({ variant: 2, guard: { free: 0, holds: {} }, title: "Boné" });
  const errors = refuses(cart([line({ hold: HOLD, guard: HELD_BY_ANA }), short]));
  assert.equal(errors.length, 1);
  assert.match(errors[0].message, /Boné/);
});

test("after an oversale nothing is free, and who holds a unit keeps it", () => {
  const guard = { free: -3, holds: { [HOLD]: 1 } };
  passes(cart([line({ hold: HOLD, guard })]));
  refuses(cart([line({ guard })]));
});

test("a guard that cannot be read lets the cart pass", () => {
  const unreadable = [null, 0, "", "x", "0sku1", [], {}, { free: 0 }, { free: "0", holds: {} }, { free: 0.5, holds: {} },
    { free: 0, holds: null }, { free: 0, holds: [] }, { holds: {} }, { free: null, holds: {} }];
  for (const value of unreadable) passes(cart([line({ quantity: 5, value })]));
});

test("what a variant told before is still read", () => {
  const value = { free: 1, holds: { [HOLD]: 1 } };
  passes(cart([line({ value }), line({ hold: HOLD, value })]));
  passes(cart([line({ quantity: 2, value })], { holds: HOLD }));
  refuses(cart([line({ value }), line({ value })]));
  refuses(cart([line({ quantity: 2, hold: OTHER_HOLD, value })]));
  for (const held of [-5, 0, null, "x", {}]) {
    refuses(cart([line({ hold: HOLD, value: { free: 0, holds: { [HOLD]: held } } })]));
  }
  // Nobody holds anything: nobody's units can be taken.
  passes(cart([line({ value: { free: 1, holds: {} } }), line({ variant: 2, value: { free: 1, holds: {} } })]));
});

test("lines of which some tell what they told before are judged together", () => {
  const value = { free: 0, holds: { [OTHER_HOLD]: 1 } };
  const now = line({ hold: HOLD, guard: HELD_BY_ANA });
  passes(cart([now, line({ variant: 2, hold: OTHER_HOLD, value })]));
  assert.equal(refuses(cart([line({ guard: HELD_BY_ANA }), line({ variant: 2, value })])).length, 2);
});

test("names of any form are looked up and found wanting", () => {
  for (const name of ["", ",", ":", "x", HOLD.slice(0, 35), `${HOLD.slice(0, 24)}000000000000`, "~".repeat(500), ",".repeat(9999)]) {
    for (const inTable of [false, true]) {
      const guard = { ...HELD_BY_ANA, inTable };
      refuses(cart([line({ hold: name || null, guard })], { holds: name || null, name: "7d1f6a52-9c3e-4b7a-8f21-3d1a4f0b6f01" }));
    }
  }
});

test("no name is taken for a hold because a title reads like its id", () => {
  const guarded = line({ guard: { free: 0, holds: {} }, title: "de algodao organico" });
  for (const at of [6, 7, 8]) refuses(cart([{ ...guarded, a: { v: HOLD.slice(0, 24) + guarded.m.g.j.slice(at, at + 12) } }]));
});

test("a cart that would take too much work is asked to be divided", () => {
  const holds = Object.fromEntries([HOLD, OTHER_HOLD].map((id) => [id, 1]));
  const lines = Array.from({ length: 200 }, (_, at) => line({ variant: at, hold: HOLD, guard: { free: 0, holds } }));
  const [error] = refuses(cart(lines)).slice(-1);
  assert.match(error.message, /Divida a compra/);
});

test("names that every object has are no holds", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    refuses(cart([line({ hold: name, guard: HELD_BY_ANA })], { holds: name }));
  }
});

test("merchandise that is no variant is left alone", () => {
  passes(cart([{ q: 1, a: null, m: {} }]));
});

test("a second line's name helps where the first line's does not", () => {
  passes(cart([line({ hold: OTHER_HOLD, guard: HELD_BY_ANA }), line({ quantity: 0, hold: HOLD, guard: HELD_BY_ANA })]));
});
