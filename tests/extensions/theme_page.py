"""The pages of a plain theme, with the embed as Shopify would render it."""

import json
import re
from typing import Any

from .places import THEME


def page(path: str, settings: dict[str, Any], items: list[dict[str, Any]]) -> str:
    """A product page (`/`), a grid whose SKUs the page does not tell (`/grid`), or the cart (`/cart`)."""
    known = {"101": "SKU-A", "102": "SKU-B"} if path != "/grid" else {}
    config = {
        "proxy": "/apps/bazico-stock", "root": "/", "language": "pt-BR", "items": len(items),
        "cartPage": path == "/cart", "countdown": True, "closed": False, "skus": known, "texts": _texts(),
    }  # fmt: skip
    return _PAGE.replace("EMBED", _embed()).replace("CONFIG", json.dumps(config | settings))


def _texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads((THEME / "locales" / "pt-BR.json").read_text())
    return texts


def _embed() -> str:
    """The block's own markup and style, with the few values that Liquid would write."""
    block = (THEME / "blocks" / "bazico-hold.liquid").read_text()
    found = re.search(r"<style>.*</div>\n", block, re.DOTALL)
    assert found, "the block has no markup"
    values = {"background": "#1a1a1a", "color": "#ffffff", "position": "bottom"}
    markup = re.sub(r"{{ block\.settings\.(\w+) }}", lambda match: values[match[1]], found[0])
    return re.sub(r"{{ '(\w+)' \| t }}", lambda match: _texts()[match[1]], markup)


_PAGE = """<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>Loja</title>
<h1>Loja</h1>
<form id="native" action="/cart/add" method="post">
  <input type="hidden" name="id" value="101"><input name="quantity" value="1"><button>Comprar</button>
</form>
EMBED
<script type="application/json" id="bazico-config">CONFIG</script>
<script src="/bazico-hold.js" defer></script>
<script>
  // What themes do: add by fetch or by XMLHttpRequest, and change a line.
  const headers = { "Content-Type": "application/json" };
  const json = (body) => ({ method: "POST", headers, body: JSON.stringify(body) });
  const post = (path, body) => fetch(path, json(body)).then((a) => a.status);
  window.byFetch = (id, quantity = 1) => post("/cart/add.js", { items: [{ id, quantity }] });
  window.byForm = (id) => {
    const body = new FormData();
    body.set("id", id);
    return fetch("/cart/add.js", { method: "POST", body }).then((a) => a.status);
  };
  window.byXhr = (id) => new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/cart/add.js");
    xhr.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    xhr.onload = () => done(xhr.status);
    xhr.onerror = () => done("error");
    xhr.send(`id=${id}&quantity=1`);
  });
  window.change = (id, quantity) => post("/cart/change.js", { id, quantity });
</script></html>"""
