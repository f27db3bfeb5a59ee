"""Sales channels: one of Shopify's kind means that Bling imports that shop's orders by itself."""

from bling_sync.client.bling_api import Bling
from bling_sync.errors import ReadFailed

from .answer_values import is_active, listed, text

ACTIVE = 1
PAGE = 100
_MOST_PAGES = 20


def has_shopify(bling: Bling) -> bool:
    """Whether an active channel is of Shopify's kind, by its type or its name.

    The exact word of the type was never seen, so any that has "shopify" in it counts. Raises ReadFailed and what
    `Bling.get` raises.
    """
    for page in range(1, _MOST_PAGES + 1):
        found = listed(bling.get("/canais-venda", {"pagina": page, "limite": PAGE, "situacao": ACTIVE}))
        for row in found:
            words = f"{text(row.get('tipo'))} {text(row.get('descricao'))}".lower()
            if "shopify" in words and is_active(row.get("situacao")):
                return True
        if len(found) < PAGE:
            return False
    raise ReadFailed("Bling's list of sales channels has no end")
