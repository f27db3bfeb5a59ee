// Where both files of the embed meet: the block's own element (blocks/bazico-hold.liquid).

/**
 * hold: the page's `fetch` as it was before we replaced it. keeper: what the doors may ask. arrived: called when it came.
 * left: the page has gone away.
 */
export const element = document.getElementById("bazico-config");

/** The page's `fetch` as it was before the doors replaced it. */
export const originalFetch = element?.hold || window.fetch?.bind(window);

// Of all that we use, browsers learned `Response.json` last (Safari 17): a browser that has it has the rest.
/** Not without the block, and not where the theme took `fetch` away. */
export const mayStart = element && originalFetch && Response.json;
