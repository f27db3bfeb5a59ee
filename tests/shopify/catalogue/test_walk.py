"""A walk through a catalogue: asked for in a row, taken further page by page by whoever has its lease."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from reservations.models import CatalogueWalk, Shop, ShopifyInstallation, SkuLink
from reservations.shopify import tasks
from reservations.shopify.catalogue import links, walk
from reservations.shopify.catalogue.catalogue_sweep import shops_to_link, shops_to_walk
from reservations.shopify.catalogue.missing_links import look_for_variants
from reservations.shopify.catalogue.variants import Variant
from reservations.shopify.catalogue.walk_nudge import nudger
from sandbox.shopify import RunningStandIn
from tests.factories import database_now, make_shop, stock_of
from tests.shopify.answering import answering
from tests.shopify.stores import installation, installed_shop, operations

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The shops that a worker was to be woken for; nobody is."""
    shops: list[int] = []
    monkeypatch.setattr(nudger, "nudge", shops.append)
    return shops


def shop_of(shopify: RunningStandIn, variants: int) -> Shop:
    """An installed shop with so many variants, SKU-000 onwards, of which we know none yet."""
    shop = installed_shop(shopify)
    products = [{"title": "Produto", "variants": [{"sku": f"SKU-{number:03}"}]} for number in range(variants)]
    shopify.control.post("products", shop=shop.domain, products=products)
    return shop


def walk_of(shop: Shop) -> CatalogueWalk:
    """The row as it stands."""
    return CatalogueWalk.objects.get(shop=shop)


def linked(shop: Shop) -> int:
    """How many variants we know."""
    return SkuLink.objects.filter(shop=shop).count()


def sweep() -> None:
    """What beat's round does for every shop, with its messages carried out."""
    tasks.begin_installations()
    for shop_id in shops_to_walk():
        tasks.link_catalogue(shop_id)


def test_a_slice_says_how_far_it_is_and_the_next_goes_on_from_there(shopify: RunningStandIn, nudged: list[int]) -> None:
    shop = shop_of(shopify, 260)
    walk.ask(shop.pk)
    assert nudged == [shop.pk]
    assert walk.go_on(shop.pk, seconds=0)
    assert (walk_of(shop).variants, walk_of(shop).is_under_way, linked(shop)) == (250, True, 250)
    assert not walk.go_on(shop.pk, seconds=0)
    assert (walk_of(shop).variants, walk_of(shop).is_under_way, linked(shop)) == (260, False, 260)
    assert len(operations(shopify, shop)) == 2
    assert installation(shop).links_synced_at == walk_of(shop).began_at


def test_the_sweep_finds_a_walk_of_which_the_message_got_lost(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 3)
    assert shops_to_link() == [shop.pk]
    sweep()
    assert (linked(shop), shops_to_link(), shops_to_walk()) == (3, [], [])
    walk.ask(shop.pk)
    assert shops_to_walk() == [shop.pk]
    sweep()
    assert shops_to_walk() == []


def test_what_is_asked_for_while_a_walk_is_under_way_is_done_by_the_next(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 1)
    walk.ask(shop.pk)
    began_at = database_now()
    CatalogueWalk.objects.update(began_at=began_at)
    assert walk_of(shop).is_under_way and not walk_of(shop).is_asked_for
    walk.ask(shop.pk)
    assert not walk.go_on(shop.pk, seconds=60)
    assert walk_of(shop).began_at == began_at
    assert shops_to_walk() == [shop.pk]
    sweep()
    assert walk_of(shop).began_at != began_at
    assert shops_to_walk() == []


def test_two_workers_never_walk_at_once_and_one_that_died_is_replaced(shopify: RunningStandIn) -> None:
    shop = shop_of(shopify, 260)
    walk.ask(shop.pk)
    walk.go_on(shop.pk, seconds=0)
    asked = len(operations(shopify, shop))
    somebody = "6f1fbd1e-7a7a-4bb5-8b1f-000000000001"
    CatalogueWalk.objects.update(lease=somebody, lease_until=Now() + timedelta(minutes=1))
    assert not walk.go_on(shop.pk, seconds=60)
    assert len(operations(shopify, shop)) == asked
    CatalogueWalk.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert not walk.go_on(shop.pk, seconds=60)
    assert linked(shop) == 260


@pytest.mark.usefixtures("one_try")
def test_a_shopify_that_does_not_answer_is_asked_again_later_where_the_walk_was(
    shopify: RunningStandIn, settings: Settings
) -> None:
    shop = shop_of(shopify, 260)
    walk.ask(shop.pk)
    walk.go_on(shop.pk, seconds=0)
    with answering(settings, 503, ""):
        tasks.link_catalogue(shop.pk)
    assert installation(shop).links_problem == "Unreachable: 503"
    assert shops_to_walk() == []
    retry_at = walk_of(shop).retry_at
    assert retry_at and retry_at > database_now() + timedelta(seconds=10)
    assert walk_of(shop).variants == 250
    CatalogueWalk.objects.update(retry_at=Now())
    sweep()
    assert (linked(shop), installation(shop).links_problem) == (260, "")


def test_a_walk_that_shopify_refused_begins_anew_and_at_once_when_the_merchant_asks(
    shopify: RunningStandIn, settings: Settings
) -> None:
    shop = shop_of(shopify, 1)
    walk.ask(shop.pk)
    CatalogueWalk.objects.update(began_at=Now(), cursor="no cursor of Shopify's", variants=250)
    with answering(settings, 200, {"errors": [{"message": "Invalid cursor"}]}):
        tasks.link_catalogue(shop.pk)
    assert installation(shop).links_problem == "Refused: Invalid cursor"
    assert shops_to_walk() == []
    walk.ask(shop.pk)
    assert shops_to_walk() == [shop.pk]
    sweep()
    assert (walk_of(shop).variants, installation(shop).links_problem) == (1, "")


def test_a_link_that_a_webhook_renewed_after_the_page_was_read_stays() -> None:
    shop = make_shop()
    read_at = database_now()
    told = Variant(7, 1, 2, "NOVO", True)
    links.replace_product(shop.pk, 1, [told], read_at + timedelta(seconds=1))
    links.write(shop.pk, [Variant(7, 1, 2, "VELHO", True), Variant(8, 1, 3, "OUTRO", True)], read_at)
    assert list(SkuLink.objects.order_by("variant_id").values_list("sku", flat=True)) == ["NOVO", "OUTRO"]


def test_a_link_knows_since_when_its_variant_has_its_sku() -> None:
    shop = make_shop()
    first, later = database_now(), database_now() + timedelta(minutes=1)
    links.write(shop.pk, [Variant(7, 1, 2, "A", True), Variant(8, 1, 3, "B", True)], first)
    links.write(shop.pk, [Variant(7, 1, 2, "A", True), Variant(8, 1, 3, "C", True)], later)
    assert list(SkuLink.objects.order_by("variant_id").values_list("sku_since", flat=True)) == [first, later]
    links.change_item(shop.pk, 2, later, sku="A", tracked=False)
    links.change_item(shop.pk, 3, later + timedelta(minutes=1), sku="D", tracked=True)
    since = [first, later + timedelta(minutes=1)]
    assert list(SkuLink.objects.order_by("variant_id").values_list("sku_since", flat=True)) == since


def test_new_skus_have_their_variants_looked_for_where_one_has_no_link_and_the_app_is_there(
    shopify: RunningStandIn, nudged: list[int]
) -> None:
    shop = shop_of(shopify, 1)
    sweep()
    nudged.clear()
    stock_of(shop, 1, "SKU-000")
    assert not look_for_variants(shop.pk)
    stock_of(shop, 1, "SKU-001")
    assert not look_for_variants(shop.pk, "SKU-000")
    assert look_for_variants(shop.pk)
    assert nudged == [shop.pk]
    ShopifyInstallation.objects.update(state="uninstalled", access_token="", refresh_token="")
    assert not look_for_variants(shop.pk)
    without_app = make_shop()
    stock_of(without_app, 1)
    assert not look_for_variants(without_app.pk)
