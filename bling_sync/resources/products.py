"""Products as Bling lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bling_sync.client.bling_api import Bling
from bling_sync.errors import Refused

from .answer_values import identifier, is_yes, label, listed, number, part, text

PAGE = 100
# Bling refuses addresses beyond some thousand characters: 200 ids passed, 300 did not.
IDS_PER_CALL = 100
ACTIVE_ONLY = 2
# Each listing's kind and filter: we ask by name for whatever Bling's own default hides. Nobody measured whether "all"
# (T) contains the variations (V), so we ask for these as well, with the same filters.
LISTINGS: tuple[tuple[str, int | None], ...] = (("T", None), ("T", 0), ("T", 2), ("V", None), ("V", 0), ("V", 2))
# What is new or was changed since a moment: every listing by either date, as nobody measured whether a new product has
# a date of change too. Also products that are no longer active (5), which would else look as if nothing had changed.
ANY_SITUATION = 5
CHANGES = tuple((date, *listing) for date in ("dataAlteracao", "dataInclusao") for listing in LISTINGS)
_BLINGS_TIME = ZoneInfo("America/Sao_Paulo")
# Bling's clock may be ahead of ours.
_AHEAD = timedelta(days=1)
KIT, PARENT = "E", "V"
PRODUCT = "P"


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """One product. `sku` is Bling's `codigo`, which may be empty or repeated; `format` is S, V (parent) or E (kit)."""

    id: int
    sku: str
    name: str
    price: Decimal
    type: str
    format: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A page of products: the active ones, the ids of those that are so no more, and how many rows there were."""

    products: list[ListedProduct]
    gone: list[int]
    rows: int


def page(bling: Bling, number_of_page: int, listing: int) -> ProductPage:
    """One page of the active products. Raises ReadFailed and what `Bling.get` raises."""
    kind, wanted = LISTINGS[listing]
    return _page(bling, {"pagina": number_of_page, "criterio": ACTIVE_ONLY, "tipo": kind}, wanted)


def changed_page(bling: Bling, number_of_page: int, listing: int, since: datetime) -> ProductPage:
    """One page of what is new or was changed since, by the listing's place in CHANGES. Raises as `page` does."""
    date, kind, wanted = CHANGES[listing]
    first, last = since.astimezone(_BLINGS_TIME), datetime.now(_BLINGS_TIME) + _AHEAD
    period = {f"{date}Inicial": f"{first:%Y-%m-%d %H:%M:%S}", f"{date}Final": f"{last:%Y-%m-%d %H:%M:%S}"}
    return _page(bling, {"pagina": number_of_page, "criterio": ANY_SITUATION, "tipo": kind, **period}, wanted)


def _page(bling: Bling, query: dict[str, str | int], wanted: int | None) -> ProductPage:
    balance = {} if wanted is None else {"filtroSaldoEstoque": wanted}
    rows = listed(bling.get("/produtos", {**query, "limite": PAGE, **balance}))
    gone = [known for row in rows if not _is_active(row) and (known := identifier(row.get("id"))) is not None]
    return ProductPage([found for row in rows if (found := _listed(row)) is not None], gone, len(rows))


def has_virtual_stock(bling: Bling, product_id: int) -> bool:
    """Whether Bling computes a kit's balance from its parts; a kit that does not say so has none that we can trust.

    Raises what `Bling.get` raises.
    """
    structure = part({"data": bling.get(f"/produtos/{product_id}")}, "data").get("estrutura")
    return part({"estrutura": structure}, "estrutura").get("tipoEstoque") != "F"


def kept_by_lots(bling: Bling, product_ids: Sequence[int]) -> set[int]:
    """The products that Bling keeps by lots; none where Bling does not tell. Raises NotApplied's leaves."""
    try:
        data = bling.get("/produtos/lotes/controla-lote", {"idsProdutos[]": list(product_ids)})
    except Refused:
        # An account without lots may not know the question.
        return set()
    found = {identifier(row.get("idProduto")) for row in listed(data) if is_yes(row.get("controlaLote"))}
    return {known for known in found if known is not None}


def _listed(row: dict[str, object]) -> ListedProduct | None:
    known = identifier(row.get("id"))
    if known is None or not _is_active(row):
        return None
    sku, name, price = label(row.get("codigo"), 1_000), text(row.get("nome")), number(row.get("preco"))
    kind, form = text(row.get("tipo"), 4) or PRODUCT, text(row.get("formato"), 4) or "S"
    return ListedProduct(known, sku, name, price or Decimal(0), kind, form)


def _is_active(row: dict[str, object]) -> bool:
    # `situacao` is A for active ones; a list that says nothing of it was asked for these only.
    return (text(row.get("situacao")) or "A") == "A"
