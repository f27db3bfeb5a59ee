// What buyers read, and what the function costs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cartValidationsGenerateRun } from "../src/index.js";
import { cart, HOLD, line, OTHER_HOLD } from "./carts.js";

const NOTHING = { free: 0, holds: {} };
const errorsOf = (input) => cartValidationsGenerateRun(input).operations[0].validationAdd.errors;
const messageIn = (language, guard, quantity = 1) => errorsOf(cart([line({ guard, quantity })], { language }))[0].message;

test("a Brazilian buyer reads Portuguese", () => {
  assert.equal(messageIn("PT_BR", NOTHING),
    "Camiseta: sem unidades livres agora. Retire o item ou tente de novo em alguns minutos.");
  assert.equal(messageIn("PT_BR", { free: 2, holds: {} }, 3),
    "Camiseta: só há 2 para este carrinho. Diminua a quantidade para continuar.");
});

test("what others hold is said in other words than what nobody has", () => {
  const taken = { free: 0, holds: { [HOLD]: 1 } };
  assert.match(messageIn("PT_BR", taken), /^Camiseta: em outros carrinhos agora\. /);
  assert.match(messageIn("EN", taken), /^Camiseta: in other carts right now\. /);
  assert.match(messageIn("PT_BR", { ...taken, inTable: true }), /em outros carrinhos/);
});

test("what others hold is said with its time, where that is told", () => {
  for (const holds of [{ [HOLD]: 1 }, { [HOLD]: 1, [OTHER_HOLD]: 1 }]) {
    const taken = { free: 0, holds, more: "01403" };
    assert.equal(messageIn("PT_BR", taken),
      "Camiseta: em outros carrinhos até 14:03 (hora da loja). Retire o item ou tente de novo nessa hora.");
    assert.equal(messageIn("EN", taken),
      "Camiseta: in other carts until 14:03 (the shop's time). Remove the item, or try again then.");
    assert.match(messageIn("PT_BR", { ...taken, more: "0" }), /em outros carrinhos agora/);
  }
});

test("a number that is written as the end of the facts hides neither time nor title", () => {
  assert.equal(messageIn("PT_BR", { free: 78, holds: { [HOLD]: 78 }, inTable: false }, 79),
    "Camiseta: só há 78 para este carrinho. Diminua a quantidade para continuar.");
});

test("every other buyer reads English", () => {
  for (const language of ["EN", "ES", "JA"]) {
    assert.equal(messageIn(language, NOTHING),
      "Camiseta: no units are free right now. Remove the item, or try again in a few minutes.");
    assert.equal(messageIn(language, { free: 2, holds: {} }, 3),
      "Camiseta: only 2 left for this cart. Lower the quantity to go on.");
  }
});

test("a cart without a language is told in Portuguese", () => {
  const input = cart([line({ guard: NOTHING, title: "" })]);
  delete input.localization;
  assert.match(errorsOf(input)[0].message, /^Um produto do carrinho: sem unidades/);
});

test("the same input gives the same bytes", () => {
  const input = cart([line({ guard: NOTHING }), line({ variant: 2, guard: NOTHING })]);
  const first = JSON.stringify(cartValidationsGenerateRun(input));
  for (let run = 0; run < 50; run += 1) assert.equal(JSON.stringify(cartValidationsGenerateRun(input)), first);
});

test("the function leaves its input as it was", () => {
  const input = cart([line({ guard: NOTHING }), line({ guard: NOTHING })]);
  const before = JSON.stringify(input);
  cartValidationsGenerateRun(input);
  assert.equal(JSON.stringify(input), before);
});

test("two hundred short lines stay within Shopify's output of 20 kB", () => {
  const title = "ç".repeat(255);
  const lines = Array.from({ length: 200 }, (_, variant) => line({ variant, guard: NOTHING, title }));
  const output = JSON.stringify(cartValidationsGenerateRun(cart(lines)));
  assert.ok(Buffer.byteLength(output) < 20_000, `${Buffer.byteLength(output)} bytes`);
});

test("a title is read as it was written, and as it is where it was cut", () => {
  const titled = (title) => errorsOf(cart([line({ value: `0sku100~${title}` })]))[0].message;
  assert.match(titled("Camiseta%20de%20algod%C3%A3o"), /^Camiseta de algodão: /);
  assert.match(titled("algod%C3"), /^algod%C3: /);
});

test("a hundred names in the cart's attribute are read", () => {
  const ids = Array.from({ length: 100 }, (_, at) => HOLD.slice(0, 24) + at.toString(16).padStart(12, "0"));
  const lines = ids.map((id, at) => line({ variant: at + 1, guard: { free: 0, holds: { [id]: 1 } } }));
  assert.deepEqual(cartValidationsGenerateRun(cart(lines, { holds: ids.join() })), { operations: [] });
});
