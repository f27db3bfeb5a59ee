"""`shopify_sync`: variants are linked to stock by their exact SKU, and the command says what does not match."""

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from reservations.models import Shop, ShopifyInstallation, SkuLink
from reservations.shopify.catalogue.catalogue_sweep import shops_to_link
from reservations.shopify.catalogue.link_report import link_report
from sandbox.shopify import RunningStandIn
from tests.factories import make_shop, stock_of
from tests.shopify.answering import answering
from tests.shopify.stores import installation, installed_shop, operations
from tests.support.terminal import output_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def _shop(shopify: RunningStandIn, *skus: str | None) -> Shop:
    shop = installed_shop(shopify)
    products = [{"title": f"Produto {sku}", "variants": [{"sku": sku}]} for sku in skus]
    shopify.control.post("products", shop=shop.domain, products=products)
    return shop


def test_the_command_prints_in_portuguese_what_is_linked_and_what_is_not(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, "A", "A", "B", None, "só na loja")
    for sku in ("A", "B", "only in stock"):
        stock_of(shop, 1, sku)
    assert output_of("shopify_sync", shop.domain).splitlines() == [
        f"{shop.domain}: 5 variante(s) na Shopify, 3 ligada(s) ao estoque.",
        "SKUs repetidos em várias variantes: 1",
        "  A",
        "Variantes sem SKU: 1",
        f"  {link_report(shop.pk).without_sku[0].variant_id}",
        "SKUs da Shopify que não estão no estoque: 1",
        "  só na loja",
        "SKUs do estoque que não estão na Shopify: 1",
        "  only in stock",
    ]


def test_skus_are_exact_in_case_and_in_spaces(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, "sku-1", " SKU-1", "SKU-1")
    stock_of(shop, 1, "SKU-1")
    output_of("shopify_sync", shop.domain)
    report = link_report(shop.pk)
    assert (report.linked, report.duplicated) == (1, ())
    assert [(misfit.sku, misfit.resembles) for misfit in report.only_at_shopify] == [
        (" SKU-1", "SKU-1"),
        ("sku-1", "SKU-1"),
    ]


def test_a_catalogue_of_several_pages_is_read_to_its_end_through_trouble(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, *[f"SKU-{number:03}" for number in range(260)])
    shopify.control.post("faults", kind="throttled", on="re:productVariants", seconds=0.1, times=1, skip=1)
    output_of("shopify_sync", shop.domain)
    assert SkuLink.objects.filter(shop=shop).count() == 260
    assert len([row for row in operations(shopify, shop) if "productVariants" in row["operation"]]) == 3


def test_a_second_reading_forgets_what_is_gone_and_learns_what_is_new(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, "A", "B")
    output_of("shopify_sync", shop.domain)
    store = shopify.shopify.stores[shop.domain]
    gone = next(number for number, variant in store.variants.items() if variant.sku == "A")
    del store.variants[gone]
    shopify.control.post("variants/change", shop=shop.domain, sku="B", new_sku="C")
    output_of("shopify_sync", shop.domain)
    assert list(SkuLink.objects.filter(shop=shop).values_list("sku", flat=True)) == ["C"]


def test_an_installation_is_linked_once_and_again_when_it_begins_anew(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, "A")
    assert shops_to_link() == [shop.pk]
    output_of("shopify_sync", shop.domain)
    assert shops_to_link() == []
    read_at = installation(shop).links_synced_at
    ShopifyInstallation.objects.filter(shop=shop).update(installed_at=read_at)
    assert shops_to_link() == []
    ShopifyInstallation.objects.filter(shop=shop).update(links_synced_at="2026-01-01T00:00:00Z")
    assert shops_to_link() == [shop.pk]


def test_a_shop_without_the_app_is_named_as_such(shopify: RunningStandIn) -> None:
    shop = make_shop()
    with pytest.raises(CommandError, match="não está instalado"):
        output_of("shopify_sync", shop.domain)
    with pytest.raises(CommandError, match="There is no shop"):
        output_of("shopify_sync", "stranger.myshopify.com")


def test_a_token_that_is_of_no_use_asks_for_the_merchant(shopify: RunningStandIn) -> None:
    shop = _shop(shopify, "A")
    shopify.control.post("faults", kind="unauthorized", on="re:graphql", times=None)
    with pytest.raises(CommandError, match="precisa abrir o aplicativo"):
        output_of("shopify_sync", shop.domain)
    assert installation(shop).problem


def test_a_catalogue_that_is_missing_from_an_answer_unlinks_nothing(
    shopify: RunningStandIn, settings: Settings
) -> None:
    shop = _shop(shopify, "A", "B")
    output_of("shopify_sync", shop.domain)
    with answering(settings, 200, {"data": {"productVariants": None}}), pytest.raises(CommandError):
        output_of("shopify_sync", shop.domain)
    assert SkuLink.objects.filter(shop=shop).count() == 2


def test_what_stood_in_the_way_of_a_reading_is_forgotten_with_the_next_good_one(
    shopify: RunningStandIn, settings: Settings
) -> None:
    shop = _shop(shopify, "A")
    with answering(settings, 402, {"errors": "Unavailable Shop"}), pytest.raises(CommandError):
        output_of("shopify_sync", shop.domain)
    assert "402" in installation(shop).links_problem
    # It says nothing of the app's authorization.
    assert installation(shop).problem == ""
    output_of("shopify_sync", shop.domain)
    assert installation(shop).links_problem == ""
