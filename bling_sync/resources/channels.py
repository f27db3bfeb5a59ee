"""Sales channels: one of Shopify's kind means that Bling imports that shop's orders by itself."""

from bling_sync.client.bling import Bling

from .reading import rows, text

ACTIVE = 1
PAGE = 100
_MOST_PAGES = 20


def has_shopify(bling: Bling) -> bool:
    """Whether an active channel is of Shopify's kind, by its type or its name. Raises what `Bling.get` raises.

    The exact word of the type was never seen, so any that has "shopify" in it counts.
    """
    for page in range(1, _MOST_PAGES + 1):
        found = list(rows(bling.get("/canais-venda", {"pagina": page, "limite": PAGE, "situacao": ACTIVE})))
        for row in found:
            words = f"{text(row.get('tipo'))} {text(row.get('descricao'))}".lower()
            if "shopify" in words and row.get("situacao", ACTIVE) == ACTIVE:
                return True
        if len(found) < PAGE:
            break
    return False
