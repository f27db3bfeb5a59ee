// What Shopify would refuse: a script that is too large, and texts that a language lacks.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const HERE = fileURLToPath(new URL("..", import.meta.url));
// Shopify's limit for the compressed script of a UI extension.
const MAX_COMPRESSED_BYTES = 64_000;

test("the script is smaller than Shopify allows", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "bazico-order-status-"));
  try {
    const built = join(folder, "bazico-order-status.js");
    await promisify(execFile)("npm", ["run", "build", "--", `--outfile=${built}`], { cwd: HERE });
    const { byteLength } = gzipSync(await readFile(built));
    assert.ok(byteLength < MAX_COMPRESSED_BYTES, `${byteLength} bytes`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every language has the same texts with the same places for values", async () => {
  assert.deepEqual((await readdir(join(HERE, "locales"))).sort(), ["en.default.json", "pt-BR.json"]);
  const [english, portuguese] = await Promise.all(["en.default", "pt-BR"].map(texts));
  assert.deepEqual(Object.keys(english).sort(), Object.keys(portuguese).sort());
  for (const [key, text] of Object.entries(english)) {
    assert.deepEqual(places(portuguese[key]), places(text), key);
    assert.notEqual(portuguese[key], text, key);
  }
});

// By their dotted keys.
async function texts(language) {
  const flat = (value, before = "") =>
    typeof value === "string"
      ? { [before]: value }
      : Object.assign({}, ...Object.entries(value).map(([key, inner]) => flat(inner, before ? `${before}.${key}` : key)));
  return flat(JSON.parse(await readFile(join(HERE, "locales", `${language}.json`), "utf8")));
}

const places = (text) => (text.match(/{{\w+}}/g) ?? []).sort();
