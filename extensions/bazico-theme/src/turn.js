// Tabs of one shop take turns, so two that add the same product reserve the sum and not each its own part.

import { departure } from "./departure.js";

// No buyer waits longer for a tab that hangs.
const PATIENCE_MS = 3000;

/** Does `work` once no other tab does its own, or after 3 s, or when the page goes away; returns what it returns. */
export async function inTurn(work) {
  let begun;
  const once = () => (begun ||= work());
  const turn = navigator.locks?.request("bazico", { signal: AbortSignal.timeout(PATIENCE_MS) }, once);
  await Promise.race([turn, departure]).catch(() => {});
  return once();
}
