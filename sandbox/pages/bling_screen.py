"""`/sandbox/bling/`: the books of Bling's stand-in, with buttons that do what people and machines do at Bling."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import StockItem

from . import stand_ins
from .at_home import at_home, own_page_only
from .look import language_of, show

MOST_MOVEMENTS = 30
SENDING, READING = "POST /estoques", "GET /estoques/saldos"


@dataclass(frozen=True, slots=True)
class Order:
    """A button: its words, and the order it sends to the stand-in."""

    label: str | Promise
    path: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def _fault(kind: str, on: str = "", **more: object) -> Mapping[str, Any]:
    return {"kind": kind, "on": on, **more}


FAULTS: Mapping[str, Order] = {
    "lost-answer": Order(_("Next movement: booked, but the answer is lost"), "faults", _fault("cut_after", SENDING)),
    "lost-request": Order(_("Next movement: the connection breaks before"), "faults", _fault("cut_before", SENDING)),
    "error-after": Order(_("Next movement: booked, then error 500"), "faults", _fault("error_after", SENDING)),
    "error-before": Order(_("Next movement: error 500, nothing booked"), "faults", _fault("error_before", SENDING)),
    "too-many": Order(_("Next 3 requests: too many (429)"), "faults", _fault("too_many", times=3)),
    "slow": Order(_("Next reading takes 5 s"), "faults", _fault("slow", READING, seconds=5)),
    "down": Order(_("Down until told otherwise (502)"), "faults", _fault("bad_gateway", times=None)),
    "well": Order(_("Behave again"), "faults/clear"),
}
PEOPLE: Mapping[str, Order] = {
    "sell": Order(_("Sell 1 at the counter"), "movements", {"operation": "S", "quantity": 1, "who": "balcão"}),
    "receive": Order(_("Receive 1"), "movements", {"operation": "E", "quantity": 1, "who": "recebimento"}),
}


@at_home
def bling(request: HttpRequest) -> HttpResponse:
    """The page; its books come from `books` and refresh by themselves."""
    try:
        found = _books()
    except stand_ins.AWAY:
        return show(request, "sandbox/away.html", "bling", who="Bling")
    return show(request, "sandbox/bling.html", "bling", faults=FAULTS, **found)


@own_page_only
def books(request: HttpRequest) -> HttpResponse:
    """Balances, movements and misbehaviours as a piece of the page."""
    try:
        found = _books()
    except stand_ins.AWAY:
        return HttpResponse(status=502)
    with translation.override(language_of(request)):
        return render(request, "sandbox/bling_books.html", found)


@require_POST
@own_page_only
def order(request: HttpRequest) -> HttpResponse:
    """Press the button `name`, of a product's row with its `sku`."""
    asked = {**FAULTS, **PEOPLE}.get(request.POST.get("name", ""))
    if asked is None:
        return JsonResponse({"code": "unknown_order", "detail": "There is no such button."}, status=404)
    more = {"sku": request.POST["sku"]} if asked.path == "movements" else {}
    try:
        stand_ins.bling().post(asked.path, **asked.fields, **more)
    except stand_ins.AWAY as error:
        return JsonResponse({"code": "stand_in_away", "detail": str(error)}, status=502)
    return HttpResponse(status=204)


def _books() -> dict[str, object]:
    stand_in = stand_ins.bling()
    balances = stand_in.get("balances")["balances"]
    skus = [row["sku"] for row in balances]
    ours = dict(StockItem.objects.filter(shop__domain=DEMO_DOMAIN, sku__in=skus).values_list("sku", "on_hand"))
    faults = [row for row in stand_in.get("faults")["faults"] if row["times"] is None or row["hits"] < row["times"]]
    return {
        "people": PEOPLE,
        "balances": [row | {"ours": ours.get(row["sku"])} for row in balances],
        "movements": stand_in.get("movements")["movements"][::-1][:MOST_MOVEMENTS],
        "in_force": faults,
    }
