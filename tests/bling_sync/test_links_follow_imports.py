"""The set-up in the guide's own order: products at Shopify, then Bling, then the import; no webhook comes."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from reservations.models import CatalogueWalk, SkuLink
from reservations.shopify import tasks
from reservations.shopify.catalogue.catalogue_sweep import shops_to_walk
from reservations.shopify.catalogue.walk_nudge import nudger
from reservations.shopify.client import admin_api
from sandbox.bling import RunningStandIn as Bling
from sandbox.shopify import RunningStandIn as Shopify
from sandbox.shopify import serve
from tests.bling_sync.world import FIRST, SECOND, World
from tests.factories import database_now
from tests.shopify.stores import installed_shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


@pytest.fixture
def shopify(settings: Settings) -> Iterator[Shopify]:
    """The stand-in for Shopify."""
    with serve(settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET) as serving:
        settings.SHOPIFY_ADMIN_URL = serving.admin_url
        admin_api.budget.forget()
        yield serving


@pytest.fixture(autouse=True)
def lost_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message to a worker gets lost: the sweep has to find the work."""
    monkeypatch.setattr(nudger, "nudge", lambda shop_id: None)


def sweep() -> None:
    """One round of beat's, as workers carry it out."""
    tasks.begin_installations()
    for shop_id in shops_to_walk():
        tasks.link_catalogue(shop_id)


def paired(world: World) -> set[str]:
    """The SKUs that a variant at Shopify sells."""
    return set(SkuLink.objects.filter(shop=world.shop).values_list("sku", flat=True))


def set_up(shopify: Shopify, bling: Bling, *skus: str) -> World:
    """The app is installed and its empty catalogue read; then products come to Shopify, without a word to us."""
    world = World(bling, installed_shop(shopify))
    sweep()
    products = [{"title": sku, "variants": [{"sku": sku}]} for sku in skus]
    shopify.control.post("products", shop=world.shop.domain, products=products, quietly=True)
    world.connect()
    return world


def test_after_the_guided_set_up_every_sku_that_can_be_paired_is_paired_by_the_next_sweep(
    shopify: Shopify, bling: Bling
) -> None:
    world = set_up(shopify, bling, FIRST, SECOND)
    began = database_now()
    world.do_import()
    sweep()
    assert paired(world) == {FIRST, SECOND}
    assert (database_now() - began).total_seconds() < 60


def test_the_catalogue_is_read_while_the_merchant_looks_at_the_rehearsal(shopify: Shopify, bling: Bling) -> None:
    world = set_up(shopify, bling, FIRST, SECOND)
    world.do_import(dry_run=True)
    sweep()
    assert paired(world) == {FIRST, SECOND}
    world.do_import()
    assert shops_to_walk() == []


def test_an_import_that_brings_nothing_new_to_a_paired_shop_reads_no_catalogue(shopify: Shopify, bling: Bling) -> None:
    world = set_up(shopify, bling, FIRST, SECOND)
    world.do_import()
    sweep()
    read_at = CatalogueWalk.objects.get(shop=world.shop).began_at
    world.do_import()
    assert shops_to_walk() == []
    assert CatalogueWalk.objects.get(shop=world.shop).began_at == read_at


def test_a_sku_that_cannot_be_paired_yet_is_looked_for_again_by_the_next_import(shopify: Shopify, bling: Bling) -> None:
    world = set_up(shopify, bling, FIRST)
    world.do_import()
    sweep()
    assert paired(world) == {FIRST}
    products = [{"title": SECOND, "variants": [{"sku": SECOND}]}]
    shopify.control.post("products", shop=world.shop.domain, products=products, quietly=True)
    world.do_import()
    sweep()
    assert paired(world) == {FIRST, SECOND}
