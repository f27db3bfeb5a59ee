"""The pages of a plain theme, with the embed as Shopify would render it."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.extensions.places import THEME

KNOWN = {"101": "SKU-A", "102": "SKU-B", "103": "SKU-C"}


@dataclass
class Theme:
    """What a test may change: scripts around the embed's, the theme editor's settings, the form's markup.

    `actions`: whether Shopify's standard actions are there, as they are in every storefront since 2026.
    """

    before: str = ""
    after: str = ""
    closed: bool = False
    position: str = "bottom"
    embedded: bool = True
    actions: bool = False
    form: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


def page(path: str, theme: Theme, items: list[dict[str, Any]]) -> str:
    """A product page (`/`), a grid that does not show its SKUs (`/grid`), or the cart (`/cart`)."""
    texts = _texts()
    config = {
        "proxy": "/apps/bazico-stock", "cart": "/cart", "language": "pt-BR", "items": len(items),
        "cartPage": path == "/cart", "countdown": True, "skus": {} if path == "/grid" else KNOWN,
        "texts": texts if theme.closed else {**texts, "down": ""},
    }  # fmt: skip
    embed = _EMBED.replace("MARKUP", _markup(theme.position)).replace("CONFIG", json.dumps(config | theme.settings))
    scripts = _ACTIONS if theme.actions else ""
    parts = {
        "SCRIPTS": scripts,
        "BEFORE": theme.before,
        "AFTER": theme.after,
        "FORM": theme.form,
        "EMBED": embed if theme.embedded else "",
    }
    return re.sub("SCRIPTS|BEFORE|AFTER|FORM|EMBED", lambda match: parts[match[0]], _PAGE)


def checkout(items: list[dict[str, Any]]) -> str:
    """Shopify's checkout, where no theme script runs."""
    return f"<!doctype html><title>Checkout</title><p id=lines>{len(items)}</p>"


def _texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads((THEME / "locales" / "pt-BR.json").read_text())
    return texts


def _markup(position: str) -> str:
    """The block's own markup and style, with the few values that Liquid would write."""
    block = (THEME / "blocks" / "bazico-hold.liquid").read_text()
    found = re.search(r"<style>.*</div>\n", block, re.DOTALL)
    assert found, "the block has no markup"
    values = {"background": "#1a1a1a", "color": "#ffffff", "position": position}
    markup = re.sub(r"{{ block\.settings\.(\w+) }}", lambda match: values[match[1]], found[0])
    return re.sub(r"{{ '(\w+)' \| t }}", lambda match: _texts()[match[1]], markup)


# `kept` is what an app has that took the action before the theme's script stood before it.
_ACTIONS = """<script type="module" src="/standard-actions.js"></script>
<script type="module">window.kept = { updateCart: Shopify.actions.updateCart };</script>"""

_EMBED = """MARKUP<script type="application/json" id="bazico-config">CONFIG</script>
<script src="/bazico-keeper.js" defer></script><script src="/bazico-hold.js" defer></script>"""

_PAGE = """<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>Loja</title>
<script>BEFORE</script>SCRIPTS
<h1>Loja</h1><a href="/other">Outra página</a>
<form id="native" action="/cart/add" method="post">
  <input type="hidden" name="id" value="101"><input name="quantity" value="1">FORM<button name="add">Comprar</button>
</form>
EMBED
<script>
  // What themes do: add by fetch or by XMLHttpRequest, and change a line.
  const headers = { "Content-Type": "application/json" };
  const json = (body) => ({ method: "POST", headers, body: JSON.stringify(body) });
  const post = (path, body) => fetch(path, json(body)).then((answer) => answer.status);
  const formed = (pairs, body = new FormData()) => { pairs.forEach((pair) => body.append(...pair)); return body; };
  const sent = (body, more) => fetch("/cart/add.js", { method: "POST", body, ...more }).then((a) => a.status);
  const asked = (path, body) => new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.onload = () => { JSON.parse(xhr.responseText); done(xhr.status); };
    xhr.onerror = () => done("error");
    xhr.open("POST", path);
    xhr.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    xhr.send(body);
  });
  const typed = (id) => new Blob([JSON.stringify({ id })], { type: "application/json" });
  window.add = {
    json: (id, quantity = 1) => post("/cart/add.js", { items: [{ id, quantity }] }),
    flat: (id) => post("/cart/add.js", { id: +id, quantity: 1 }),
    form: (id) => sent(formed([["id", id]])),
    parameters: (id) => sent(new URLSearchParams({ id, quantity: 1 })),
    text: (id) => sent(`id=${id}&quantity=1`, { headers: { "Content-Type": "application/x-www-form-urlencoded" } }),
    absolute: (id) => post(`${location.origin}/cart/add.js`, { id }),
    relative: (id) => post("cart/add.js", { id }),
    locale: (id) => post("/en/cart/add", { id }),
    several: (id) => sent(formed([["items[0][id]", id], ["items[0][quantity]", 1]])),
    blob: (id) => sent(typed(id)),
    numbered: (id) => post("/cart/add.js", { items: { 0: { id, quantity: 1 } } }),
    request: (id) => fetch(new Request("/cart/add.js", json({ id }))).then((answer) => answer.status),
    url: (id) => post(new URL("/cart/add.js", location), { id }),
    xhr: (id) => asked("/cart/add.js", `id=${id}&quantity=1`),
  };
  window.change = (id, quantity) => post("/cart/change.js", { id, quantity });
</script><script>AFTER</script></html>"""
