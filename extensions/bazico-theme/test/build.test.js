// The asset that Shopify serves is what src builds, to the byte.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HERE = fileURLToPath(new URL("..", import.meta.url));

test("the asset is what `npm run build` makes of src", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "bazico-theme-"));
  try {
    const built = join(folder, "bazico-hold.js");
    await promisify(execFile)("npm", ["run", "build", "--", `--outfile=${built}`], { cwd: HERE });
    const asset = await readFile(join(HERE, "assets", "bazico-hold.js"), "utf8");
    // Not assert.equal: it would print both in full.
    assert.ok((await readFile(built, "utf8")) === asset, "assets/bazico-hold.js is not what src builds: npm run build");
  } finally {
    await rm(folder, { recursive: true });
  }
});
