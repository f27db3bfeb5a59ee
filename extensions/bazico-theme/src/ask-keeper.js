// How the doors ask the keeper, whose file may come later than the first click.

import { departure } from "./departure.js";
import { element } from "./element.js";

// No buyer waits longer for a file: the shop sells as without us, and the keeper follows when it comes.
const PATIENCE_MS = 3000;

const arrival = new Promise((done) => {
  if (element) element.arrived = done;
});

/** Calls a member of the keeper; nothing when it does not come in time. */
export async function askKeeper(name, ...what) {
  if (!element.keeper) {
    await Promise.race([arrival, departure, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  }
  return element.keeper?.[name](...what);
}

/** Sends a change of the cart as change.js does, or as it is. */
export const change = async (...how) => (await askKeeper("change", ...how)) ?? { answer: await how[1]() };
