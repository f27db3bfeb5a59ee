// What the block (blocks/bazico-hold.liquid) tells the script about this page and this shop.

import { element, mayStart } from "./element.js";

/** Null where the script leaves the page alone. */
export const config = mayStart ? JSON.parse(element.textContent) : null;
