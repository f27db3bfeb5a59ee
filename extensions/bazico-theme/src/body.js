// The body of a request that adds to the cart: which variants it adds, and properties of ours written onto their lines.

/** The body as it is now: a theme may reuse the object while the request waits for its turn. */
export function copyOf(body) {
  try {
    const copy = new body.constructor();
    for (const pair of body) copy.append(...pair);
    return copy;
  } catch {
    // A string, or what cannot be copied.
    return body;
  }
}

/**
 * Reads JSON, FormData, URLSearchParams and form-encoded text.
 *
 * @returns {{lines: Array<{id, quantity, write: (name: string, value: string) => void}>, body: () => *} | undefined} nothing for a body
 *   that it cannot read for certain
 */
export function readAdded(body) {
  try {
    return /^\s*{/.test(body) ? readJson(body) : readForm(body.get ? body : new URLSearchParams(body));
  } catch {}
}

// One line, `items` as a list, or `items` by number, as themes that build it from a form send it.
function readJson(text) {
  const json = JSON.parse(text);
  const lines = Object.values(json.items || [json]).map((item) => ({
    id: item.id,
    quantity: item.quantity,
    write: (name, value) => {
      item.properties = { ...item.properties, [name]: value };
    },
  }));
  return { lines, body: () => JSON.stringify(json) };
}

// Only a form of one variant: of `items[0][id]` and the like the cart itself will tell what was added.
function readForm(form) {
  if (form.getAll("id").length !== 1 || form.has("items[0][id]")) return;
  const { id, quantity } = Object.fromEntries(form);
  return { lines: [{ id, quantity, write: (name, value) => form.set(`properties[${name}]`, value) }], body: () => form };
}
