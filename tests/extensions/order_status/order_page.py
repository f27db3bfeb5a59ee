"""Shopify's order-status page, as far as the block sees it: its script, the API that it gives, and its components.

The components are elements of the browser's own with the roles that Shopify documents for them: `s-banner` is a polite
live region with a heading.
"""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.extensions.installed import installed
from tests.extensions.places import ORDER_STATUS

SERVICE = "https://estoque.example.com"
ORDER = {"id": "gid://shopify/Order/1001", "name": "#1001", "confirmationNumber": "XPAV284CT"}


def build(folder: Path) -> str:
    """The script that Shopify would serve, built into `folder`."""
    built = folder / "block.js"
    made = ["npm", "run", "build", "--", f"--outfile={built}"]
    subprocess.run(made, cwd=installed(ORDER_STATUS), check=True, capture_output=True, timeout=100)
    return built.read_text("utf-8")


@dataclass
class OrderPage:
    """What the page is about, and in which language it is read."""

    script: str
    language: str = "pt-BR"
    time_zone: str = "America/Sao_Paulo"
    token: str = "the customer's token"
    service: str = SERVICE
    order: dict[str, Any] = field(default_factory=lambda: dict(ORDER))

    def html(self) -> str:
        """The page."""
        name = "en.default" if self.language == "en" else self.language
        texts = json.loads((ORDER_STATUS / "locales" / f"{name}.json").read_text("utf-8"))
        known = {"texts": texts, "order": self.order, "token": self.token, "timeZone": self.time_zone}
        # A script in a page may not contain its own end.
        script = json.dumps(self.script.replace(SERVICE, self.service)).replace("</", "<\\/")
        parts = {"LANGUAGE": self.language, "KNOWN": json.dumps(known).replace("</", "<\\/"), "SCRIPT": script}
        page = _PAGE
        for name, part in parts.items():
            page = page.replace(name, part, 1)
        return page


_PAGE = """<!doctype html><html lang="LANGUAGE"><meta charset="utf-8"><title>Pedido #1001</title>
<style>body { margin: 16px; font: 16px/1.5 sans-serif; max-width: 560px } s-banner { display: block; padding: 16px;
border: 1px solid #ccc; border-radius: 8px } [part=heading] { font-weight: 600 }</style>
<main><h1>Pedido #1001</h1><div id="block"></div><button>Comprar de novo</button></main>
<script>
customElements.define("s-text", class extends HTMLElement {});
customElements.define("s-banner", class extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" }).innerHTML = "<div part=heading role=heading aria-level=2></div><slot></slot>";
  }
  connectedCallback() { this.setAttribute("role", this.tone === "critical" ? "alert" : "status"); }
  set heading(text) { this.shadowRoot.firstChild.textContent = text; }
  get heading() { return this.shadowRoot.firstChild.textContent; }
  set tone(tone) { this.setAttribute("tone", tone); }
  get tone() { return this.getAttribute("tone"); }
});
const known = KNOWN;
const language = document.documentElement.lang;
window.shopify = {
  order: { value: known.order, subscribe() {} },
  sessionToken: { get: async () => known.token },
  localization: { timezone: { value: known.timeZone } },
  i18n: {
    translate(key, values = {}) {
      let text = key.split(".").reduce((found, part) => found[part], known.texts);
      if (typeof text === "object") text = text[new Intl.PluralRules(language).select(values.count)] ?? text.other;
      return text.replace(/{{(\\w+)}}/g, (_, name) => values[name]);
    },
    formatDate: (date, { inExtensionLocale, ...how }) => new Intl.DateTimeFormat(language, how).format(date),
  },
};
const script = new Blob([SCRIPT], { type: "text/javascript" });
import(URL.createObjectURL(script)).then(({ default: extension }) => {
  // Each extension has a document of its own at Shopify.
  Object.defineProperty(document, "body", { get: () => document.getElementById("block"), configurable: true });
  extension();
  delete document.body;
});
</script></html>"""
