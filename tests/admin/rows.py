"""Fills every table that the admin lists, with all that the rows' pages lead to."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import Model
from django.utils import timezone

from bling_sync import models as bling
from reservations import models, turned_away
from reservations.api_keys import issue_key
from tests.factories import hold, make_shop, settle_order, stock_of

APPS = ("reservations", "bling_sync")
_numbers = count(1)
Fill = Callable[[models.Shop, int], object]
_fills: dict[type[Model], Fill] = {}


def ours() -> list[type[Model]]:
    """Every model of ours that the admin shows."""
    return [model for model in admin.site._registry if model._meta.app_label in APPS]


def name_of(model: type[Model]) -> str:
    """The beginning of its pages' names, as in "reservations_shop"."""
    return f"{model._meta.app_label}_{model._meta.model_name}"


def fill(model: type[Model], shop: models.Shop, rows: int) -> None:
    """Add so many rows of this model, and of the models that it hangs on."""
    _fill_of(model)(shop, rows)


def filled_together() -> list[list[type[Model]]]:
    """Every model of ours, those together of which one and the same `fill` makes the rows."""
    together: dict[Fill, list[type[Model]]] = {}
    for model in ours():
        together.setdefault(_fill_of(model), []).append(model)
    return list(together.values())


def _fill_of(model: type[Model]) -> Fill:
    for known in model.__mro__:
        if known in _fills:
            return _fills[known]
    raise AssertionError(f"nobody told how rows of {model.__name__} are made")


def _makes(*made: type[Model]) -> Callable[[Fill], Fill]:
    def add(make: Fill) -> Fill:
        _fills.update(dict.fromkeys(made, make))
        return make

    return add


def _in_bulk(model: type[Model], **values: Callable[[int], Any]) -> None:
    def make(shop: models.Shop, rows: int) -> None:
        numbers = [next(_numbers) for _ in range(rows)]
        given = [{name: value(number) for name, value in values.items()} for number in numbers]
        of_shop = {"shop": shop} if any(field.name == "shop" for field in model._meta.fields) else {}
        model._default_manager.bulk_create([model(**of_shop, **each) for each in given])

    _fills[model] = make


@_makes(models.StockItem, models.StockMovement, models.Reservation, models.Cart, models.Shortfall)
def _stock(shop: models.Shop, rows: int) -> None:
    for number in (next(_numbers) for _ in range(rows)):
        sku = stock_of(shop, 5, f"SKU-{number}")
        hold(shop, sku, cart=uuid4())
        settle_order(shop, f"{number}", 9, sku)


@_makes(models.Shop, models.ApiKey)
def _keys(shop: models.Shop, rows: int) -> None:
    for _ in range(rows):
        issue_key(make_shop())


@_makes(models.ShopifyInstallation)
def _installations(shop: models.Shop, rows: int) -> None:
    for _ in range(rows):
        models.ShopifyInstallation.objects.create(shop=make_shop(), installed_at=timezone.now())


@_makes(models.CatalogueWalk)
def _walks(shop: models.Shop, rows: int) -> None:
    for number in range(rows):
        models.CatalogueWalk.objects.create(shop=make_shop(), asked_at=timezone.now(), variants=number)


@_makes(bling.Connection)
def _connections(shop: models.Shop, rows: int) -> None:
    for number in range(rows):
        bling.Connection.objects.create(shop=make_shop(), company_id=str(number), last_error="Bling is away")


@_makes(bling.Push, bling.Difference, bling.Product)
def _bling_of_items(shop: models.Shop, rows: int) -> None:
    _stock(shop, rows)
    for item in models.StockItem.objects.filter(shop=shop).order_by("-pk")[:rows]:
        product = bling.Product.objects.create(shop=shop, bling_id=item.pk, stock_item=item, sku=item.sku, virtual=3)
        bling.Difference.objects.create(
            shop=shop, stock_item=item, cause="edited", expected=3, bling=1, seen_at=timezone.now()
        )
        _lost_answer(product, item)


def _lost_answer(product: bling.Product, item: models.StockItem) -> None:
    now = timezone.now()
    bling.Push.objects.create(
        shop_id=item.shop_id,
        key=uuid4(),
        kind="return",
        mode="movement",
        state="unknown",
        stock_item=item,
        product=product,
        reservation_id=uuid4(),
        quantity=1,
        order_id=item.sku,
        created_at=now,
        next_attempt_at=now,
        escalated_at=now,
        before_physical=5,
        before_at=now,
        after_physical=4,
        after_at=now,
    )


@_makes(bling.ImportLine, bling.ImportRun)
def _imports(shop: models.Shop, rows: int) -> None:
    for _ in range(rows):
        run = bling.ImportRun.objects.create(shop=shop, state="applied", started_at=timezone.now())
        bling.ImportLine.objects.create(shop=shop, run=run, bling_id=next(_numbers), sku="A", verdict="exact")


_now: Callable[[int], Any] = lambda number: timezone.now() + timedelta(seconds=number)  # noqa: E731
_text: Callable[[int], Any] = str
_uuid: Callable[[int], Any] = lambda number: uuid4()  # noqa: E731
_number: Callable[[int], Any] = int
_order = {"id": 1}


@_makes(models.Refusal)
def _refusals(shop: models.Shop, rows: int) -> None:
    for number in (next(_numbers) for _ in range(rows)):
        sku = stock_of(shop, 0, f"SKU-{number}")
        turned_away.clerk.note((shop.pk, sku, "out_of_stock"), 1, turned_away.Said(available=0))
    turned_away.clerk.flush()


_in_bulk(
    models.WebhookDelivery,
    webhook_id=_text,
    event_id=_text,
    received_at=_now,
    next_attempt_at=_now,
    topic=lambda number: "orders/paid",
    digest=lambda number: b"",
    payload=lambda number: {"id": number},
    status=lambda number: "parked",
    error=lambda number: "nobody understood it",
)
_in_bulk(models.SkuLink, sku=_text, variant_id=_number, inventory_item_id=_number, synced_at=_now)
_in_bulk(models.VariantGuard, variant_id=_number)
_in_bulk(models.PublishedLevel, inventory_item_id=_number, location_id=_number)
_in_bulk(models.ShopifyOrder, order_id=_text, name=lambda number: f"#{number}", cart_token=_uuid, heard_at=_now)
_in_bulk(models.ShopifyCart, token=_text, cart_token=_uuid, seen_at=_now, closed_by=_text)
_in_bulk(
    models.PrivacyRequest,
    kind=lambda number: "export",
    reference=_text,
    export=lambda number: _order,
    fulfilled_at=_now,
)
_in_bulk(
    models.IdempotencyRecord,
    credential=_text,
    key=_text,
    fingerprint=lambda number: b"f" * 32,
    status=lambda number: 200,
    body=lambda number: b'{"code": 1}',
    created_at=_now,
)
_in_bulk(models.Heartbeat, name=_text, at=_now)
_in_bulk(
    bling.WebhookEvent,
    event_id=_text,
    event=lambda number: "stock.updated",
    received_at=_now,
    product_id=_number,
    claimed_by=_number,
    store_number=_text,
)
_in_bulk(bling.AuthorizationRequest, state_hash=_text, created_at=_now, expires_at=_now)
_in_bulk(bling.Lease, name=_text, holder=_uuid, until=_now)
_in_bulk(bling.RequestSlot, limit_key=_text, free_at=_now)
_in_bulk(bling.TokenCall, at=_now)
