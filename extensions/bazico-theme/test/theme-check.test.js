// The extension as Shopify's own theme-check sees it.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { check } from "@shopify/theme-check-node";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const MAX_SCRIPT_BYTES = 10_000;

test("theme-check finds nothing", { timeout: 90_000 }, async () => {
  const offenses = await check(HERE, `${HERE}/.theme-check.yml`);
  assert.deepEqual(offenses.map(({ check: name, message, uri }) => `${name}: ${message} (${uri})`), []);
});

test("the script is smaller than Shopify allows", async () => {
  const script = await readFile(`${HERE}/assets/bazico-hold.js`);
  assert.ok(script.byteLength < MAX_SCRIPT_BYTES, `${script.byteLength} bytes`);
});

test("every language has the same texts", async () => {
  const keys = async (name) => Object.keys(JSON.parse(await readFile(`${HERE}/locales/${name}`))).sort();
  const labels = async (name) => Object.keys(JSON.parse(await readFile(`${HERE}/locales/${name}`)).embed).sort();
  assert.equal((await readdir(`${HERE}/locales`)).length, 4);
  assert.deepEqual(await keys("pt-BR.json"), await keys("en.default.json"));
  assert.deepEqual(await labels("pt-BR.schema.json"), await labels("en.default.schema.json"));
});
