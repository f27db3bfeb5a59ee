"""`/sandbox/loja/`: the little store, with Ana and Beto side by side; each column is a browser to itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from reservations import engine
from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Shop
from reservations.shopify.access import session_token
from reservations.shopify.access.installation import open_app
from reservations.shopify.errors import ShopifyError

from . import stand_ins, theme_embed
from .admin import token_of
from .at_home import at_home, own_page_only
from .look import language_of, show

SHOPPERS = {"ana": "Ana", "beto": "Beto"}


@at_home
def store(request: HttpRequest) -> HttpResponse:
    """Both shoppers. The first visit installs the app in the demo shop, as opening it in the admin would."""
    try:
        open_app(session_token.verify(token_of(DEMO_DOMAIN)))
        goods = _goods()
    except (ShopifyError, *stand_ins.AWAY):
        return show(request, "sandbox/away.html", "store", who="Shopify")
    return show(request, "sandbox/store.html", "store", shoppers=SHOPPERS.items(), goods=goods)


@at_home
def column(request: HttpRequest, shopper: str) -> HttpResponse:
    """One shopper's page: what a plain theme shows, with the app's embed in it."""
    root = f"/sandbox/loja/{shopper}/"
    config = theme_embed.config(root, language_of(request), {row["variant_id"]: row["sku"] for row in _goods()})
    context = {"shopper": shopper, "name": SHOPPERS[shopper], "root": root, "goods": _goods()}
    markup = theme_embed.markup(language_of(request))
    return show(request, "sandbox/shopper.html", "store", config=config, embed=markup, **context)


@own_page_only
def state(request: HttpRequest) -> HttpResponse:
    """Each product's numbers: ours and Bling's."""
    return JsonResponse({"goods": [_numbers(row["sku"]) for row in _goods()]})


@require_POST
@own_page_only
def leave_one(request: HttpRequest) -> HttpResponse:
    """Leave one unit of `sku` free, in Bling and here."""
    sku = request.POST.get("sku", "")
    shop = Shop.objects.get(domain=DEMO_DOMAIN)
    known = engine.stock(shop.pk, sku)
    # Bling has usually booked the units in flight already; a later reading takes them out of our numbers.
    stand_ins.bling().post("movements", sku=sku, operation="B", quantity=known.reserved + 1, who="sandbox")
    engine.apply_count(shop.pk, sku, known.reserved + known.in_flight + 1, reference="sandbox")
    return JsonResponse(_numbers(sku))


def _goods() -> list[dict[str, Any]]:
    rows = stand_ins.shopify().get("variants", shop=DEMO_DOMAIN)["variants"]
    return [row for row in rows if row["sku"]]


def _numbers(sku: str) -> dict[str, Any]:
    shop = Shop.objects.get(domain=DEMO_DOMAIN)
    try:
        stock = engine.stock(shop.pk, sku)
    except engine.UnknownSku:
        return {"sku": sku, "available": None}
    balances = stand_ins.bling().get("balances")["balances"]
    bling = next((row["physical"] for row in balances if row["sku"] == sku), None)
    numbers = {name: getattr(stock, name) for name in ("on_hand", "reserved", "in_flight")}
    return {"sku": sku, "bling": bling, **numbers, "available": max(0, stock.available)}
