// The assets that Shopify serves are what src builds, to the byte.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HERE = fileURLToPath(new URL("..", import.meta.url));

test("the assets are what `npm run build` makes of src", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "bazico-theme-"));
  try {
    await promisify(execFile)("npm", ["run", "build", "--", `--outdir=${folder}`], { cwd: HERE });
    assert.deepEqual(await readdir(folder), await readdir(join(HERE, "assets")));
    for (const name of await readdir(folder)) {
      const [built, asset] = await Promise.all([folder, join(HERE, "assets")].map((at) => readFile(join(at, name), "utf8")));
      // Not assert.equal: it would print both in full.
      assert.ok(built === asset, `assets/${name} is not what src builds: npm run build`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
