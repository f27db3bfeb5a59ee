// When to look again.

import type { OrderUnits } from "./service";

const MINUTE_MS = 60_000;
const SOON_MS = 5_000;
// Of an order that was just placed the service hears within seconds; a page of an old order need not ask for ever.
const MOST_LOOKS_FOR_UNKNOWN = 6;
// At the end, when it is over at the service too.
const OVER_AFTER_MS = 2_000;

/**
 * How long to wait for the next look, in milliseconds; nothing where the answer stays as it is.
 *
 * @param looks how many there were
 */
export function nextLookMs(units: OrderUnits | undefined, looks: number): number | undefined {
  if (units?.standing === "held") {
    // A payment may come at any time, so once a minute, and right at the end.
    return Math.min(MINUTE_MS, Math.max(SOON_MS, (units.until ?? 0) - Date.now() + OVER_AFTER_MS));
  }
  if (units && units.standing !== "unknown") return undefined;
  return looks < MOST_LOOKS_FOR_UNKNOWN ? SOON_MS * looks : undefined;
}
