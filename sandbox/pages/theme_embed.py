"""The theme's app embed as Shopify would render it: the block's own markup, with the few values that Liquid writes."""

import json
import re
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from basico_stock.environment import REPOSITORY

from .at_home import at_home
from .look import PORTUGUESE

THEME = REPOSITORY / "extensions" / "bazico-theme"
SCRIPTS = ("bazico-keeper.js", "bazico-hold.js")
PROXY = "apps/bazico-stock"
SETTINGS = {"background": "#1a1a1a", "color": "#ffffff", "position": "bottom"}


@at_home
def script(request: HttpRequest, name: str) -> HttpResponse:
    """One of the embed's scripts, as it stands."""
    body = (THEME / "assets" / name).read_text()
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def markup(language: str) -> SafeString:
    """Style, clock and note of the block. Raises ValueError when the block has none."""
    found = re.search(r"<style>.*</div>\n", (THEME / "blocks" / "bazico-hold.liquid").read_text(), re.DOTALL)
    if found is None:
        raise ValueError("the block has no markup")
    texts = _texts(language)
    html = re.sub(r"{{ block\.settings\.(\w+) }}", lambda match: SETTINGS[match[1]], found[0])
    # The repository's own file, and nothing of a request.
    return mark_safe(re.sub(r"{{ '(\w+)' \| t }}", lambda match: texts[match[1]], html))  # noqa: S308


def config(root: str, language: str, skus: Mapping[int, str]) -> dict[str, object]:
    """What the block tells its script about a page of the store below `root`."""
    return {
        "proxy": f"{root}{PROXY}",
        "cart": f"{root}cart",
        "root": root,
        "language": language,
        "items": 1,
        "cartPage": True,
        "countdown": True,
        "skus": {str(number): sku for number, sku in skus.items()},
        # Without words for it the shop sells on while the app is away, as the merchant's setting has it at first.
        "texts": _texts(language) | {"down": ""},
    }


def _texts(language: str) -> dict[str, str]:
    name = "pt-BR.json" if language == PORTUGUESE else "en.default.json"
    texts: dict[str, str] = json.loads((THEME / "locales" / name).read_text())
    return texts
