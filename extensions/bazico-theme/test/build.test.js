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

for (const [command, name] of [["build", "bazico-hold.js"], ["build:vitals", "bazico-vitals.js"]]) {
  test(`${name} is what \`npm run ${command}\` makes of src`, { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "bazico-theme-"));
    try {
      const built = join(folder, name);
      await promisify(execFile)("npm", ["run", command, "--", `--outfile=${built}`], { cwd: HERE });
      const asset = await readFile(join(HERE, "assets", name), "utf8");
      // Not assert.equal: it would print both in full.
      assert.ok((await readFile(built, "utf8")) === asset, `assets/${name} is not what src builds: npm run ${command}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
