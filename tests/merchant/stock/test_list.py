"""Stock: the list of SKUs, searched, filtered and paged."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.models import CatalogueWalk, ShopifyInstallation, SkuLink
from reservations.shopify.catalogue.walk_nudge import nudger
from tests.factories import hold, make_shop, outlive, settle_order, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def shown(merchant: Merchant, query: str = "") -> list[str]:
    """The SKUs that the list shows, in its order."""
    return re.findall(r'<span class="sku">([^<]+)</span>', merchant.page(f"/app/stock/{query}", part="list"))


def cells(merchant: Merchant, sku: str) -> list[str]:
    """What the list says of a SKU: free, on hand, reserved, on the way."""
    row = merchant.page(f"/app/stock/?q={sku}", part="list").split("<s-table-row>")[1]
    return re.findall(r"<s-table-cell>(?:<b>)?(-?\d+)(?:</b>)?</s-table-cell>", row)


def link(merchant: Merchant, sku: str, variant: int = 1) -> None:
    """A variant at Shopify that sells the SKU."""
    SkuLink.objects.create(shop=merchant.shop, variant_id=variant, sku=sku, synced_at=Now())


def test_a_shop_without_skus_reads_where_they_come_from() -> None:
    assert "Ainda não há SKUs" in Merchant().page("/app/stock/")


def test_each_sku_shows_its_numbers_in_units_and_how_old_the_count_is() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 12, "CAMISA")
    hold(merchant.shop, "CAMISA", 3)
    settle_order(merchant.shop, "1001", 1, "CAMISA")
    assert cells(merchant, "CAMISA") == ["8", "12", "3", "1"]
    page = merchant.page("/app/stock/")
    assert "Livres (un.)" in page
    assert "data-since=" in page


def test_the_units_of_a_dead_hold_are_free_in_the_list_with_every_job_stopped() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 2, "CAMISA")
    outlive(hold(merchant.shop, "CAMISA", 2))
    assert cells(merchant, "CAMISA") == ["2", "2", "0", "0"]


@pytest.mark.parametrize("asked", ["azul", "AZUL", "CAMISA-a", "l-p"])
def test_the_search_finds_any_part_of_a_sku_in_whatever_case(asked: str) -> None:
    merchant = Merchant()
    for sku in ("CAMISA-AZUL-P", "CALCA-VERDE-M"):
        stock_of(merchant.shop, 1, sku)
    assert shown(merchant, f"?q={asked}") == ["CAMISA-AZUL-P"]


@pytest.mark.parametrize("asked", ["%25", "_", "%5C", "%00", "%ED%A0%80", "x" * 5000, "%27%22%3C"])
def test_an_odd_search_finds_nothing_and_harms_nothing(asked: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, "CAMISA")
    found = shown(merchant, f"?q={asked}")
    assert found == (["CAMISA"] if asked == "%00" else [])


def test_a_search_without_a_find_says_so_and_leads_back() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, "CAMISA")
    assert "Nenhum SKU combina com esta busca." in merchant.page("/app/stock/?q=sapato")


def stocked() -> Merchant:
    """A shop with one SKU of each kind, and a dead hold on one that looks sold out."""
    merchant = Merchant(scarcity_threshold=3)
    shop = merchant.shop
    for number, (sku, units) in enumerate([("CHEIO", 50), ("POUCO", 3), ("FORA", 0), ("FALTA", 5), ("VOLTA", 1)]):
        stock_of(shop, units, sku)
        if sku != "CHEIO":
            link(merchant, sku, number + 1)
    hold(shop, "FALTA", 4)
    engine.apply_count(shop.pk, "FALTA", 1)
    outlive(hold(shop, "VOLTA"))
    return merchant


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("scarce", ["POUCO", "VOLTA"]),
        ("sold_out", ["FALTA", "FORA"]),
        ("shortfall", ["FALTA"]),
        ("unlinked", ["CHEIO"]),
        ("", ["CHEIO", "FALTA", "FORA", "POUCO", "VOLTA"]),
        ("no_such_filter", ["CHEIO", "FALTA", "FORA", "POUCO", "VOLTA"]),
    ],
)
def test_each_filter_shows_its_skus_and_no_other(show: str, expected: list[str]) -> None:
    assert shown(stocked(), f"?show={show}") == expected


def test_a_paid_item_without_a_unit_makes_its_sku_one_with_units_missing() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0, "CAMISA")
    settle_order(merchant.shop, "1001", 1, "CAMISA")
    assert shown(merchant, "?show=shortfall") == ["CAMISA"]
    assert 'tone="critical">unidades em falta' in merchant.page("/app/stock/", part="list")


def test_pages_follow_each_other_without_a_gap_and_keep_the_search() -> None:
    merchant = Merchant()
    for number in range(53):
        stock_of(merchant.shop, 1, f"SKU-{number:03}")
    stock_of(merchant.shop, 1, "OUTRO")
    first = shown(merchant, "?q=sku")
    assert len(first) == 50
    onwards = re.search(r'href="/app/stock/(\?q=sku&amp;after=SKU-049)"', merchant.page("/app/stock/?q=sku"))
    assert onwards
    assert shown(merchant, onwards[1].replace("&amp;", "&")) == ["SKU-050", "SKU-051", "SKU-052"]


def test_another_shops_skus_are_not_in_the_list() -> None:
    merchant, other = Merchant(), make_shop()
    stock_of(other, 5, "DELES")
    stock_of(merchant.shop, 5, "NOSSO")
    SkuLink.objects.create(shop=other, variant_id=1, sku="NOSSO", synced_at=Now())
    assert shown(merchant) == ["NOSSO"]
    assert shown(merchant, "?show=unlinked") == ["NOSSO"]


def variants_of(kind: str) -> list[str]:
    """The variants that a kind of mismatch names."""
    return re.findall(r'<span class="written">([^<]*)</span>', kind)


def test_what_of_shopifys_catalogue_does_not_fit_is_said_beside_what_it_lacks() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5, "NOSSO")
    for variant_id, sku in enumerate(["DUPLO", "DUPLO", "SÓ-<LÁ>", ""], start=1):
        SkuLink.objects.create(shop=merchant.shop, variant_id=variant_id, product_id=7, sku=sku, synced_at=Now())
    part = merchant.page("/app/stock/?show=unlinked", part="mismatches")
    duplicated, elsewhere, nameless = part.split("<li>")[1:]
    assert "mesmas unidades:</b>" in duplicated and variants_of(duplicated) == ["DUPLO"]
    assert "não no estoque" in elsewhere and variants_of(elsewhere) == ["DUPLO", "SÓ-&lt;LÁ&gt;"]
    assert "sem SKU" in nameless and variants_of(nameless) == ["4"]
    assert "/products/7/variants/4" in nameless
    assert "DUPLO" not in merchant.page("/app/stock/", part="mismatches")


def test_a_sku_that_shopify_writes_a_little_differently_is_named_with_the_sku_it_should_have() -> None:
    merchant = Merchant()
    for sku in ("CAMISA-AZUL-P", "Boné Preto"):
        stock_of(merchant.shop, 5, sku)
    for variant_id, sku in enumerate([" camisa-azul-p", "BONÉ\u00a0PRETO", "OUTRA"], start=1):
        SkuLink.objects.create(shop=merchant.shop, variant_id=variant_id, product_id=7, sku=sku, synced_at=Now())
    almost, elsewhere = merchant.page("/app/stock/?show=unlinked", part="mismatches").split("<li>")[1:]
    assert "corrija lá" in almost
    assert variants_of(almost) == [" camisa-azul-p", "CAMISA-AZUL-P", "BONÉ\u00a0PRETO", "Boné Preto"]
    assert variants_of(elsewhere) == ["OUTRA"]


def test_a_long_list_of_what_does_not_fit_is_cut_and_counted() -> None:
    merchant = Merchant()
    for variant_id in range(1, 24):
        SkuLink.objects.create(shop=merchant.shop, variant_id=variant_id, sku="", synced_at=Now())
    assert "e mais 3" in merchant.page("/app/stock/?show=unlinked", part="mismatches")


def test_the_list_asks_as_many_queries_for_fifty_skus_as_for_one() -> None:
    merchant = Merchant()
    counts = []
    for size in (1, 40):
        for _ in range(size):
            hold(merchant.shop, stock_of(merchant.shop, 5, f"SKU-{uuid4()}"))
        with CaptureQueriesContext(connection) as asked:
            merchant.page("/app/stock/", part="list")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_the_list_is_read_in_english_where_the_admin_is_english() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0, "CAMISA")
    page = merchant.page("/app/stock/", locale="en-GB")
    assert "Search by SKU" in page
    assert "not linked at Shopify" in page


def catalogue(merchant: Merchant) -> str:
    """What the list says of the store's catalogue."""
    return merchant.page("/app/stock/", part="catalogue")


def test_a_merchant_has_the_catalogue_read_and_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    nudged: list[int] = []
    monkeypatch.setattr(nudger, "nudge", nudged.append)
    merchant = Merchant()
    stock_of(merchant.shop, 5, "CAMISA")
    assert "1 SKU não tem par na Shopify" in catalogue(merchant)
    assert merchant.post("/app/stock/catalogue").json()["message"] == "Lendo o catálogo da loja."
    assert nudged == [merchant.shop.pk]
    assert "A leitura está na fila." in catalogue(merchant)
    CatalogueWalk.objects.update(began_at=Now(), variants=1_250)
    assert "1.250 variantes lidas até agora." in catalogue(merchant)
    assert "Ler o catálogo" not in catalogue(merchant)
    CatalogueWalk.objects.update(ended_at=Now())
    ShopifyInstallation.objects.update(links_synced_at=Now())
    assert "Catálogo da loja lido" in catalogue(merchant) and "1.250 variantes." in catalogue(merchant)
    assert "Ler o catálogo da Shopify agora" in catalogue(merchant)
    link(merchant, "CAMISA")
    assert catalogue(merchant).strip() == ""


def test_skus_that_only_shopify_has_are_counted_above_the_list() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5, "CAMISA")
    for variant, sku in enumerate(["CAMISA", "LUVA", "LUVA", "MEIA", ""], start=1):
        link(merchant, sku, variant)
    assert "2 SKUs existem só na Shopify" in catalogue(merchant)
    assert "não têm par" not in catalogue(merchant)
    assert 'href="/app/stock/?show=unlinked"' in catalogue(merchant)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("Unreachable: 503", "A Shopify não respondeu a tempo."),
        ("NeedsReopen: the token was refused twice", "A Shopify não aceita mais a autorização do app."),
        ("Refused: Access denied for <field>", "A Shopify respondeu: Access denied for &lt;field&gt;"),
    ],
)
def test_a_reading_that_failed_says_why_and_can_be_asked_for_at_once(problem: str, said: str) -> None:
    merchant = Merchant()
    ShopifyInstallation.objects.update(links_problem=problem)
    assert "não pôde ser lido" in catalogue(merchant) and said in catalogue(merchant)
    assert 'action="/app/stock/catalogue"' in catalogue(merchant)


def test_a_skus_page_names_its_variant_or_how_it_gets_one() -> None:
    merchant = Merchant()
    for sku in ("CAMISA", "CALCA", "BONE"):
        stock_of(merchant.shop, 5, sku)
    for variant, sku in enumerate(["CAMISA", " calca"], start=1):
        SkuLink.objects.create(shop=merchant.shop, variant_id=variant, product_id=7, sku=sku, synced_at=Now())

    def pair(sku: str) -> str:
        return merchant.page(f"/app/stock/{merchant.shop.stock_items.get(sku=sku).pk}/", part="pair")

    assert "Vendido pela variante" in pair("CAMISA") and "/products/7/variants/1" in pair("CAMISA")
    assert "Ler o catálogo" not in pair("CAMISA")
    assert variants_of(pair("CALCA")) == [" calca", "CALCA"]
    assert "Cadastre este SKU, exatamente como está aqui" in pair("BONE")
    assert "Ler o catálogo da Shopify agora" in pair("BONE")
