// What the block (blocks/bazico-hold.liquid) tells the script about this page and this shop.

const element = document.getElementById("bazico-config");

/** Null where the script leaves the page alone. */
export const config = mayStart() ? readOnce() : null;

// Not without the block, not twice in one page, not where the theme took `fetch` away. Of all that the script uses,
// browsers learned `Response.json` last (Safari 17): a browser that has it has the rest.
function mayStart() {
  return element && !element.hold && window.fetch && Response.json;
}

function readOnce() {
  element.hold = 1;
  return JSON.parse(element.textContent);
}
