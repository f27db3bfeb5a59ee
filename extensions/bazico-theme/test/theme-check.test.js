// The extension as Shopify's own theme-check sees it.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { check } from "@shopify/theme-check-node";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const MAX_SCRIPT_BYTES = 10_000;
const MAX_SENT_BYTES = 7500;

test("theme-check finds nothing", { timeout: 90_000 }, async () => {
  const offenses = await check(HERE, `${HERE}/.theme-check.yml`);
  assert.deepEqual(offenses.map(({ check: name, message, uri }) => `${name}: ${message} (${uri})`), []);
});

test("each of the scripts is smaller than Shopify allows, and so are all together once compressed", async () => {
  const scripts = await Promise.all((await readdir(`${HERE}/assets`)).map((name) => readFile(`${HERE}/assets/${name}`)));
  for (const { byteLength } of scripts) assert.ok(byteLength < MAX_SCRIPT_BYTES, `${byteLength} bytes`);
  const sent = scripts.reduce((bytes, script) => bytes + gzipSync(script).byteLength, 0);
  assert.ok(sent < MAX_SENT_BYTES, `${sent} bytes compressed`);
});

test("every language has the same texts", async () => {
  const keys = async (name) => Object.keys(JSON.parse(await readFile(`${HERE}/locales/${name}`))).sort();
  const labels = async (name) => Object.keys(JSON.parse(await readFile(`${HERE}/locales/${name}`)).embed).sort();
  assert.equal((await readdir(`${HERE}/locales`)).length, 4);
  assert.deepEqual(await keys("pt-BR.json"), await keys("en.default.json"));
  assert.deepEqual(await labels("pt-BR.schema.json"), await labels("en.default.schema.json"));
});
