"""``/app/stock/`` and one SKU of it."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse

from plumbing.whole_number import whole_number
from reservations.merchant import erp_pages
from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import page
from reservations.merchant.frame.visit import Visit
from reservations.merchant.holds.reservation_list import live_holds_of
from reservations.merchant.holds.reservation_rows import rows_of
from reservations.merchant.ledger import of_item
from reservations.merchant.protection import protection
from reservations.models import ShopifyInstallation, StockItem
from reservations.models.stock import MAX_SKU_LENGTH
from reservations.shopify.catalogue.link_report import only_at_shopify, resembling

from .catalogue import catalogue
from .formula_row import beside, formula
from .mismatches import linked_variants, mismatches, named, sells_without_stock
from .sku_list import Show, skus


def _asked(visit: Visit, name: str) -> str:
    return visit.request.GET.get(name, "").replace("\x00", "").strip()[:MAX_SKU_LENGTH]


def _show(visit: Visit) -> Show:
    asked = _asked(visit, "show")
    return Show(asked) if asked in list(Show) else Show.ALL


def _catalogue(visit: Visit) -> Context:
    installation = ShopifyInstallation.objects.filter(shop=visit.shop).first()
    unlinked = protection(visit.shop, installation).unlinked
    return {"catalogue": catalogue(visit.shop, unlinked, only_at_shopify(visit.shop.pk))}


def _misfits(visit: Visit) -> Context:
    is_asked = _show(visit) == Show.UNLINKED and not _asked(visit, "q") and not _asked(visit, "after")
    return {"mismatches": mismatches(visit.shop) if is_asked else []}


def _list(visit: Visit) -> Context:
    show, search, after = _show(visit), _asked(visit, "q"), _asked(visit, "after")
    items, more = skus(visit.shop, show, search, after)
    chosen = {name: value for name, value in (("q", search), ("show", show.value)) if value}
    return {
        "items": items,
        "is_filtered": bool(chosen),
        "next": "?" + urlencode({**chosen, "after": items[-1].sku}) if more else "",
        "first": "?" + urlencode(chosen) if after else "",
    }


def _form(visit: Visit) -> Context:
    return {"search": _asked(visit, "q"), "show": _show(visit).value, "erps": erp_pages.registered()}


_LIST = LivePage(
    "merchant/stock/page.html",
    {
        "catalogue": Part("merchant/stock/catalogue.html", _catalogue),
        "mismatches": Part("merchant/stock/mismatches.html", _misfits),
        "list": Part("merchant/stock/list.html", _list),
    },
    _form,
)


@page
def stock(visit: Visit) -> HttpResponse:
    """The list, searched and filtered."""
    return _LIST.answer(visit)


@page
def stock_item(visit: Visit, pk: int) -> HttpResponse:
    """One SKU: the formula, who holds its units, its ledger."""
    item = StockItem.objects.filter(shop=visit.shop, pk=pk).first()
    if item is None:
        raise Http404
    return _item_page(item).answer(visit)


def _item_page(item: StockItem) -> LivePage:
    return LivePage(
        "merchant/stock/item.html",
        {
            "numbers": Part("merchant/stock/numbers.html", lambda _: _numbers(item)),
            "pair": Part("merchant/stock/pair.html", lambda visit: _pair(visit, item)),
            "holds": Part("merchant/stock/holds.html", lambda visit: _holds(visit, item)),
            "ledger": Part("merchant/stock/ledger.html", lambda visit: _ledger(visit, item)),
        },
        lambda _: {"item": item},
    )


def _numbers(item: StockItem) -> Context:
    figures = beside(item)
    return {"formula": formula(item, figures), "beside": figures}


def _pair(visit: Visit, item: StockItem) -> Context:
    sellers = linked_variants(visit.shop, item.sku)
    almost = [] if sellers else named(visit.shop, resembling(visit.shop.pk, item.sku))
    return {
        "item": item,
        "sellers": sellers,
        "some_sell_without_stock": sells_without_stock(visit.shop, item.sku),
        "almost": almost,
        "catalogue": catalogue(visit.shop, int(not sellers)),
    }


def _holds(visit: Visit, item: StockItem) -> Context:
    holds, more = live_holds_of(item)
    return {"rows": rows_of(visit.shop, holds), "more_holds": more}


def _ledger(visit: Visit, item: StockItem) -> Context:
    before = whole_number(_asked(visit, "before"))
    lines, more = of_item(item, before)
    older = f"?before={lines[-1].row.position}" if more else ""
    return {"lines": lines, "older": older, "newest": f"/app/stock/{item.pk}/" if before is not None else ""}
