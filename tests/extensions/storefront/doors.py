"""Every way into a cart that a storefront has in 2026: how a shopper, an app or an agent takes it, what comes of it."""

from dataclasses import dataclass

from playwright.sync_api import Page

from .shop import ThemeShop

AGENT = """navigator.modelContext = { tools: {}, registerTool(tool) { this.tools[tool.name] = tool; } };
addEventListener("DOMContentLoaded", () => navigator.modelContext.registerTool({
    name: "update_cart", execute: (sent) => WHOSE.updateCart(sent) }));"""
ADD = "{ lines: [{ merchandiseId: 'gid://shopify/ProductVariant/101', quantity: 1 }] }"
GRAPHQL = """fetch("/api/2026-10/graphql.json", { method: "POST", headers, body: JSON.stringify({
    query: "mutation { cartLinesAdd }", variables: { lines: [{ merchandiseId: "101", quantity: 1 }] } }) })
    .then((answer) => answer.status)"""
UCP = """fetch("/api/ucp/mcp", { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", id: 1,
    method: "tools/call", params: { name: "update_cart",
    arguments: { line_items: [{ item: { id: "101" }, quantity: 1 }] } } }) }).then((answer) => answer.status)"""
BEACON = """navigator.sendBeacon("/cart/add.js",
    new Blob(['{"id":101,"quantity":1}'], { type: "application/json" })) && 200"""


@dataclass(frozen=True)
class Door:
    """A row of the table in docs/storefront.md.

    `script` is run in the page, or `path` is opened. `held` says when the unit is held; `refused` what becomes of one
    that somebody else holds: "kept out", "taken out", or "stays", for the checkout to stop. `before` is a script of the
    theme.
    """

    held: str
    refused: str
    script: str = ""
    path: str = ""
    before: str = ""
    page: str = "/"

    def take(self, shop: ThemeShop, page: Page) -> object:
        """Take one unit of SKU-A by this door; what the caller gets."""
        if self.path:
            page.goto(shop.url + self.path)
            return None
        return page.evaluate(self.script)


BEFORE, AFTER, NEXT_PAGE = "before it enters the cart", "when the cart has answered", "on the first page of the shop"
DOORS = {
    "form": Door(BEFORE, "kept out", "document.querySelector('#native button').click()"),
    "fetch": Door(BEFORE, "kept out", "add.json('101')"),
    "XMLHttpRequest": Door(BEFORE, "kept out", "add.xhr('101')"),
    "grid that tells no SKU": Door(AFTER, "taken out", "add.json('101')", page="/grid"),
    "Shopify.actions.updateCart": Door(BEFORE, "kept out", f"Shopify.actions.updateCart({ADD})"),
    "updateCart, kept from before": Door(AFTER, "taken out", f"kept.updateCart({ADD})"),
    "WebMCP tool": Door(
        BEFORE,
        "kept out",
        f"navigator.modelContext.tools.update_cart.execute({ADD})",
        before=AGENT.replace("WHOSE", "Shopify.actions"),
    ),
    "WebMCP tool of its own": Door(
        AFTER,
        "taken out",
        f"navigator.modelContext.tools.update_cart.execute({ADD})",
        before=AGENT.replace("WHOSE", "kept"),
    ),
    "Storefront API": Door(AFTER, "stays", GRAPHQL),
    "UCP cart": Door(AFTER, "stays", UCP),
    "fetch put aside, beacon": Door(AFTER, "stays", BEACON),
    "/cart/<variant>:n": Door(NEXT_PAGE, "stays", path="/cart/101:1?storefront=true"),
    "/buy/<variant>:n": Door(NEXT_PAGE, "stays", path="/buy/101:1?continue_to=/cart"),
}
