"""Today: whether the sale is safe, in five seconds and in true sentences."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from reservations import engine
from reservations.erp import InFlight, NoErp, backend
from reservations.models import Heartbeat, Payment, Shop, ShopifyInstallation, ShopifyOrder, SkuLink
from tests.factories import by_id, hold, item, make_shop, outlive, settle_order, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def numbers(merchant: Merchant) -> list[int]:
    """The four numbers as the page shows them."""
    part = merchant.page("/app/", part="numbers")
    return [int(piece.partition(" ")[0]) for piece in part.split("<dd>")[1:]]


def linked_sku(merchant: Merchant, sku: str = "SKU-1", *, units: int = 5) -> None:
    """So many units of a SKU, and a variant at Shopify that sells it."""
    variant = SkuLink.objects.count() + 1
    SkuLink.objects.create(shop=merchant.shop, variant_id=variant, sku=sku, synced_at=Now())
    stock_of(merchant.shop, units, sku)


def work_on_time() -> None:
    """A worker has just come through."""
    Heartbeat.objects.create(name="worker", at=Now())


def test_a_new_shop_reads_that_there_is_nothing_to_protect_yet() -> None:
    page = Merchant().page("/app/")
    assert "Precisa de atenção" in page
    assert "Nenhum SKU ainda" in page
    assert "Eles vêm do ERP, com as contagens." in page and 'href="/app/bling/">Ver Bling' in page
    assert "Guia de configuração" in page
    assert 'lang="pt-br"' in page


def test_the_page_says_how_many_orders_await_their_payment_and_how_many_did_not_pay_in_time() -> None:
    merchant = Merchant()
    assert "aguardando pagamento" not in merchant.page("/app/", part="numbers")
    for number, minutes in enumerate((30, 30, -30)):
        ShopifyOrder.objects.create(
            shop=merchant.shop,
            order_id=str(number),
            payment=Payment.PENDING,
            payment_due_at=Now() + timedelta(minutes=minutes),
            heard_at=Now(),
        )
    part = merchant.page("/app/", part="numbers")
    assert ">pedidos aguardando pagamento: 2</s-link>" in part
    assert "pedidos não pagos a tempo: 1" in part


def test_a_shop_with_stock_and_no_problem_reads_that_its_sale_is_protected() -> None:
    merchant = Merchant()
    linked_sku(merchant, units=50)
    work_on_time()
    before = merchant.page("/app/", part="status")
    assert "a loja não recusa uma unidade que outro carrinho reservou" in before
    assert "1 SKU, nenhum protegido" in before
    merchant.post("/app/embed", on="1")
    status = merchant.page("/app/", part="status")
    assert "1 SKU, protegido" in status
    assert 'tone="critical"' not in status
    assert "a loja não recusa" not in status
    assert "Venda protegida" in status


def test_a_sale_with_units_promised_above_the_count_is_not_called_protected() -> None:
    merchant = Merchant(scarcity_threshold=0)
    linked_sku(merchant)
    work_on_time()
    merchant.post("/app/embed", on="1")
    assert "Venda protegida" in merchant.page("/app/", part="status")
    hold(merchant.shop, quantity=3)
    engine.apply_count(merchant.shop.pk, "SKU-1", 1)
    status = merchant.page("/app/", part="status")
    assert "Venda protegida" not in status
    assert "Precisa de atenção" in status


def test_the_page_keeps_the_order_of_shopifys_own_home_pages() -> None:
    merchant = Merchant(scarcity_threshold=1)
    stock_of(merchant.shop, 0)
    settle_order(merchant.shop, "1001", 1)
    page = merchant.page("/app/")
    places = [
        page.index(f'data-live="{part}"') for part in ("status", "numbers", "decisions", "guide", "scarce", "chart")
    ]
    assert places == sorted(places)


def test_large_figures_are_grouped_as_the_language_groups_them() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 20_000)
    hold(merchant.shop, quantity=1_234)
    assert "<dd>1.234 <small>un." in merchant.page("/app/", part="numbers")
    assert "<dd>1,234 <small>un." in merchant.page("/app/", part="numbers", locale="en")
    assert "<b>18.766</b>" in merchant.page("/app/stock/")


def test_the_four_numbers_count_units_of_this_shop_alone() -> None:
    merchant, other = Merchant(), make_shop()
    for shop in (merchant.shop, other):
        stock_of(shop, 10)
        hold(shop, quantity=2)
        engine.confirm(shop.pk, by_id(hold(shop, quantity=3)), order_id="1001")
        settle_order(shop, "1002", 7)
        engine.apply_count(shop.pk, "SKU-1", 1)
    assert numbers(merchant) == [2, 2, 8, 1]


def test_a_dead_hold_is_no_reserved_unit_with_every_job_stopped() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 10)
    outlive(hold(merchant.shop, quantity=2))
    assert numbers(merchant)[1] == 0


class ErpThatSettlesLater(NoErp):
    """Its count shows the sale already, and it cannot be sure of that yet."""

    def in_flight(self, *args: object) -> InFlight:
        return InFlight(1, in_doubt=1)


@pytest.fixture
def settling_later(settings: Settings) -> Iterator[Callable[[], None]]:
    """Call it, and from then on that ERP listens."""

    def begin() -> None:
        settings.ERP_BACKEND = f"{__name__}.{ErpThatSettlesLater.__qualname__}"
        backend.cache_clear()

    yield begin
    backend.cache_clear()


def test_a_sale_that_the_count_may_show_already_raises_no_alarm(settling_later: Callable[[], None]) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop)), order_id="1001")
    settling_later()
    engine.apply_count(merchant.shop.pk, "SKU-1", 0)
    row = item(merchant.shop)
    assert (row.on_hand, row.reserved, row.in_flight) == (0, 0, 1)
    assert numbers(merchant)[3] == 0
    assert "contado abaixo" not in merchant.page("/app/")


def test_a_paid_item_without_a_unit_makes_the_sentence_red_and_waits_for_a_decision() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    settle_order(merchant.shop, "1001", 1)
    page = merchant.page("/app/")
    assert 'tone="critical">Faltam unidades' in page
    assert "1 item pago não tem unidade" in page
    assert "/app/shortfalls/" in page


def test_a_scarce_sku_shows_what_is_free_and_when_the_next_unit_may_come() -> None:
    merchant = Merchant(scarcity_threshold=3)
    stock_of(merchant.shop, 2, "QUASE")
    stock_of(merchant.shop, 50, "MUITO")
    stock_of(merchant.shop, 0, "FORA")
    held = hold(merchant.shop, "QUASE")
    part = merchant.page("/app/", part="scarce")
    assert "QUASE" in part
    assert held.expires_at.isoformat() in part
    assert "MUITO" not in part
    assert "FORA" not in part


def test_the_units_of_a_dead_hold_are_shown_as_free() -> None:
    merchant = Merchant(scarcity_threshold=3)
    stock_of(merchant.shop, 1)
    outlive(hold(merchant.shop))
    part = merchant.page("/app/", part="scarce")
    assert "<s-table-cell>1</s-table-cell><s-table-cell>0</s-table-cell>" in part
    assert "nenhuma reservada" in part


def test_the_chart_tells_how_reservations_ended_as_a_table_too() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 10)
    for _ in range(2):
        engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop)), order_id="1001")
    engine.release(merchant.shop.pk, by_id(hold(merchant.shop)))
    outlive(hold(merchant.shop))
    engine.expire(merchant.shop.pk)
    part = merchant.page("/app/", part="chart")
    assert part.count("<rect") == 3
    assert '<td class="num">2</td><td class="num">1</td><td class="num">1</td>' in part


def test_a_step_of_the_guide_is_done_when_the_app_sees_it_and_not_before() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    before = merchant.page("/app/", part="guide").count("✓")
    SkuLink.objects.create(shop=merchant.shop, variant_id=1, sku="SKU-1", synced_at=Now())
    assert merchant.page("/app/", part="guide").count("✓") == before + 1
    assert merchant.post("/app/embed", on="1").json() == {"changed": True}
    assert merchant.post("/app/embed", on="1").json() == {"changed": False}
    assert merchant.page("/app/", part="guide").count("✓") == before + 2
    assert "tema ativo" in merchant.page("/app/", part="status")
    stock_of(merchant.shop, 1, "SKU-2")
    assert "1 de 2 SKUs têm par." in merchant.page("/app/", part="guide")
    assert merchant.page("/app/", part="guide").count("✓") == before + 1
    SkuLink.objects.create(shop=merchant.shop, variant_id=2, sku="SKU-2", synced_at=Now())
    ShopifyInstallation.objects.filter(shop=merchant.shop).update(validation_state="on")
    assert merchant.page("/app/", part="guide").count("✓") == before + 3


def test_the_theme_step_leads_to_the_embed_in_the_shops_own_editor() -> None:
    merchant = Merchant()
    address = f"https://{merchant.shop.domain}/admin/themes/current/editor?context=apps&amp;activateAppId="
    assert address in merchant.page("/app/", part="guide")


def test_the_guide_can_be_put_away_and_taken_out_again() -> None:
    merchant = Merchant()
    assert merchant.post("/app/guide", hidden="1").json()["go"] == "/app/"
    assert "Guia de configuração" not in merchant.page("/app/")
    merchant.post("/app/guide", hidden="0")
    assert "Guia de configuração" in merchant.page("/app/")


def test_a_catalogue_that_cannot_be_read_is_said_as_what_it_is() -> None:
    merchant = Merchant()
    ShopifyInstallation.objects.filter(shop=merchant.shop).update(links_problem="Unreachable: 429")
    status = merchant.page("/app/", part="status")
    assert "O catálogo da loja não pôde ser lido" in status
    assert "autorização" not in status


def test_late_background_work_is_said_without_alarm_for_the_stock() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    Heartbeat.objects.create(name="worker", at=Now() - timedelta(minutes=10))
    assert "O trabalho em segundo plano está atrasado" in merchant.page("/app/", part="status")


def test_english_is_read_where_shopifys_admin_is_english_or_the_merchant_chose_it() -> None:
    merchant = Merchant()
    assert "Set-up guide" in merchant.page("/app/", locale="en-US")
    assert "Guia de configuração" in merchant.page("/app/", locale="pt-BR")
    Shop.objects.filter(pk=merchant.shop.pk).update(language="en")
    assert "Set-up guide" in merchant.page("/app/", locale="pt-BR")


def test_a_part_that_did_not_change_costs_no_transfer() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    first = merchant.get("/app/", part="numbers")
    again = merchant.get("/app/", part="numbers", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    hold(merchant.shop)
    assert merchant.get("/app/", part="numbers", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_a_poll_asks_the_database_for_its_part_alone_and_no_more_with_more_rows() -> None:
    merchant = Merchant(scarcity_threshold=1_000)
    counts = []
    for size in (1, 30):
        for _ in range(size):
            hold(merchant.shop, stock_of(merchant.shop, 5, f"SKU-{uuid4()}"))
        with CaptureQueriesContext(connection) as asked:
            merchant.page("/app/", part="scarce")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize("path", ["/app/guide", "/app/embed"])
def test_an_order_is_a_post_with_a_token(path: str) -> None:
    merchant = Merchant()
    assert merchant.get(path).status_code == 405
    response = merchant._client.post(path, {"hidden": "1", "on": "1"})
    assert response.status_code == 401
    merchant.shop.refresh_from_db()
    assert not merchant.shop.guide_hidden
