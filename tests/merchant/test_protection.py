"""Which SKUs are protected: one count for the sentence, the guide and the colours."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.merchant.protection import Protection, protection
from reservations.models import Heartbeat, ShopifyInstallation, SkuLink, StockItem, VariantGuard
from tests.factories import database_now, hold, item, settle_order, stock_of
from tests.merchant.many import fill
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
LONG_AGO = timedelta(minutes=5)


def safe_shop(*skus: str, units: int = 50) -> Merchant:
    """A shop of which every SKU is protected."""
    merchant = Merchant()
    for sku in skus:
        stock_of(merchant.shop, units, sku)
        link(merchant, sku)
    merchant.post("/app/embed", on="1")
    Heartbeat.objects.create(name="worker", at=Now())
    return merchant


def link(merchant: Merchant, sku: str) -> int:
    """A variant at Shopify that carries the SKU."""
    variant = SkuLink.objects.count() + 1
    SkuLink.objects.create(shop=merchant.shop, variant_id=variant, sku=sku, synced_at=Now())
    return variant


def known(merchant: Merchant) -> Protection:
    """What the pages say."""
    return protection(merchant.shop, ShopifyInstallation.objects.get(shop=merchant.shop))


def status(merchant: Merchant, locale: str = "") -> str:
    """The first sentence, and what stands below it."""
    return merchant.page("/app/", part="status", locale=locale)


def tell(merchant: Merchant, variant: int, **more: object) -> None:
    """The guard that Shopify has of a variant: all that there is to know of SKU-1 now, unless said otherwise."""
    row = item(merchant.shop)
    facts = {"value": "{}", "stock_item_id": row.pk, "ledger_position": row.ledger_position, "written_at": Now()}
    VariantGuard.objects.update_or_create(shop=merchant.shop, variant_id=variant, defaults=facts | more)


def let_time_pass() -> None:
    """All that was written down so far lies minutes back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reservations_stockmovement DISABLE TRIGGER movement_append_only")
        cursor.execute("UPDATE reservations_stockmovement SET at = at - interval '5 minutes'")
        cursor.execute("ALTER TABLE reservations_stockmovement ENABLE TRIGGER movement_append_only")


def test_a_shop_whose_skus_lack_nothing_is_green_whichever_part_of_the_store_uses_the_app() -> None:
    merchant = safe_shop("SKU-1", "SKU-2")
    assert "Venda protegida" in status(merchant) and "2 SKUs, todos protegidos" in status(merchant)
    assert "tema ativo" in status(merchant)
    ShopifyInstallation.objects.update(theme_embed=False, validation_state="on")
    assert "Venda protegida" in status(merchant) and "checkout ativo" in status(merchant)
    assert "tema inativo" not in status(merchant)
    assert "2 SKUs, all protected" in status(merchant, locale="en")


def test_the_sentence_counts_skus_without_a_pair_and_brings_the_button_that_mends_it() -> None:
    merchant = safe_shop("SKU-1", "SKU-2")
    for number in range(3, 10):
        stock_of(merchant.shop, 50, f"SKU-{number}")
    said = status(merchant)
    assert "9 SKUs, 2 protegidos, 7 sem par na Shopify" in said
    assert 'tone="warning">Precisa de atenção' in said
    assert 'action="/app/stock/catalogue"' in said and "Ler o catálogo da Shopify agora" in said
    assert "2 de 9 SKUs têm par." in merchant.page("/app/", part="guide")
    assert "9 SKUs, 2 protected, 7 without a pair at Shopify" in status(merchant, locale="en")


def test_a_link_protects_its_own_sku_in_its_own_shop_alone() -> None:
    merchant, other = safe_shop("SKU-1"), Merchant()
    stock_of(merchant.shop, 50, "SKU-2")
    link(other, "SKU-2")
    link(merchant, "sku-2")
    link(merchant, "SKU-1")
    assert (known(merchant).skus, known(merchant).unlinked, known(merchant).protected) == (2, 1, 1)
    assert (known(other).skus, known(other).protected, known(other).is_whole) == (0, 0, False)


def test_a_shop_without_theme_and_checkout_protects_nothing_and_says_so() -> None:
    merchant = safe_shop("SKU-1")
    ShopifyInstallation.objects.update(theme_embed=False)
    assert "1 SKU, nenhum protegido" in status(merchant) and "tema inativo" in status(merchant)
    assert "Abrir o editor de temas" in status(merchant)
    assert "Venda protegida" not in status(merchant)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda: Heartbeat.objects.all().delete(),
        lambda: Heartbeat.objects.update(at=Now() - LONG_AGO),
        lambda: ShopifyInstallation.objects.update(state="needs_reopen", access_token=""),
    ],
)
def test_no_sku_is_protected_while_work_is_late_or_the_authorization_is_lost(break_it: Callable[[], object]) -> None:
    merchant = safe_shop("SKU-1")
    break_it()
    assert known(merchant).protected == 0


def test_last_nights_audit_is_no_late_work() -> None:
    merchant = safe_shop("SKU-1")
    Heartbeat.objects.create(name="audit", at=Now() - timedelta(hours=9))
    assert "Venda protegida" in status(merchant)


def test_a_scarce_sku_is_protected_once_the_checkout_knows_it() -> None:
    merchant = safe_shop("SKU-1", units=3)
    assert known(merchant).untold == 0, "it has just become scarce: its guard is on its way"
    let_time_pass()
    assert "1 SKU, nenhum protegido, 1 que o checkout ainda não conhece" in status(merchant)
    ShopifyInstallation.objects.update(installed_at=Now() - 2 * LONG_AGO)
    tell(merchant, SkuLink.objects.get(sku="SKU-1").variant_id)
    assert "1 SKU, protegido" in status(merchant)


@pytest.mark.parametrize("value", ["", "?"])
def test_a_guard_that_was_cleared_or_not_acknowledged_tells_nothing(value: str) -> None:
    merchant = safe_shop("SKU-1", units=3)
    let_time_pass()
    tell(merchant, SkuLink.objects.get(sku="SKU-1").variant_id, value=value)
    assert known(merchant).untold == 1


def test_a_guard_is_late_when_it_leaves_out_a_movement_for_ten_seconds_and_not_before() -> None:
    merchant = safe_shop("SKU-1", units=3)
    ShopifyInstallation.objects.update(installed_at=Now() - 2 * LONG_AGO)
    variant = SkuLink.objects.get(sku="SKU-1").variant_id
    tell(merchant, variant)
    let_time_pass()
    hold(merchant.shop)
    assert known(merchant).untold == 0
    let_time_pass()
    assert known(merchant).untold == 1
    tell(merchant, variant)
    assert known(merchant).untold == 0
    tell(merchant, variant, next_expiry=Now() - LONG_AGO)
    assert known(merchant).untold == 1


def test_a_sku_of_two_variants_is_protected_when_both_are_told() -> None:
    merchant = safe_shop("SKU-1", units=3)
    ShopifyInstallation.objects.update(installed_at=Now() - 2 * LONG_AGO)
    second = link(merchant, "SKU-1")
    let_time_pass()
    tell(merchant, second)
    assert known(merchant).untold == 1
    tell(merchant, SkuLink.objects.exclude(variant_id=second).get().variant_id)
    assert known(merchant).untold == 0


def test_a_link_that_was_made_just_now_gives_its_guard_time() -> None:
    merchant = safe_shop("SKU-1", units=3)
    let_time_pass()
    SkuLink.objects.update(sku_since=Now())
    assert known(merchant).untold == 0
    SkuLink.objects.update(sku_since=Now() - LONG_AGO)
    assert known(merchant).untold == 1


def test_a_sku_that_nobody_counted_is_not_protected() -> None:
    merchant = safe_shop("SKU-1", "SKU-2")
    StockItem.objects.filter(sku="SKU-2").update(counted_at=None)
    assert "2 SKUs, 1 protegido, 1 nunca contado" in status(merchant)


def test_thousands_of_skus_are_counted_in_one_query_of_a_fraction_of_a_second() -> None:
    merchant = safe_shop()
    fill(merchant.shop, skus=3_000, live=100)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reservations_skulink (shop_id, variant_id, sku, tracked, synced_at)"
            " SELECT shop_id, id, sku, true, now() FROM reservations_stockitem WHERE id % 3 > 0"
        )
        cursor.execute("ANALYZE reservations_skulink")
    began = database_now()
    with CaptureQueriesContext(connection) as asked:
        found = known(merchant)
    assert (database_now() - began).total_seconds() < 1
    assert len([query for query in asked if "stockitem" in query["sql"]]) == 1
    assert found.skus == 3_000
    assert found.unlinked == StockItem.objects.exclude(sku__in=SkuLink.objects.values("sku")).count() >= 999


def test_a_sale_of_a_sku_without_a_pair_names_that_as_its_cause_even_after_it_got_one() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    settle_order(merchant.shop, "1001", 2)
    cause = "O SKU não tinha par na Shopify"
    page = f"/app/stock/{item(merchant.shop).pk}/"
    assert merchant.page(page, part="ledger").count(cause) == 2
    SkuLink.objects.create(shop=merchant.shop, variant_id=1, sku="SKU-1", synced_at=Now(), sku_since=Now())
    assert merchant.page(page, part="ledger").count(cause) == 2
    engine.apply_count(merchant.shop.pk, "SKU-1", 9)
    settle_order(merchant.shop, "1002", 1)
    assert merchant.page(page, part="ledger").count(cause) == 2
