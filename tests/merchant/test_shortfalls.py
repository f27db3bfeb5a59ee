"""Paid items without a unit: listed with what is known of them, until a unit or a person has settled each."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils import translation

from reservations import engine
from reservations.merchant.money import money
from reservations.models import Shop, ShopifyOrder, Shortfall, SkuLink, StockMovement
from tests.factories import by_id, hold, item, outlive, settle_order, stock_of
from tests.merchant.merchant import Merchant
from tests.merchant.test_settings import written

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

PAGE = "/app/shortfalls/"


def short(merchant: Merchant, order: str = "1001", units: int = 2) -> Shortfall:
    """A paid order of so many units that do not exist."""
    stock_of(merchant.shop, 0)
    settle_order(merchant.shop, order, units)
    return Shortfall.objects.get(shop=merchant.shop, order_id=order)


def known_order(shop: Shop, order: str = "1001", **facts: object) -> ShopifyOrder:
    """What Shopify told of the order."""
    lines = {"1": {"sku": "SKU-1", "quantity": 2, "removed": 0, "price": "199.90"}}
    told = {"name": f"#{order}", "lines": lines, "currency": "BRL", "heard_at": Now()} | facts
    return ShopifyOrder.objects.create(shop=shop, order_id=order, **told)


def decide(merchant: Merchant, deed: str, *chosen: Shortfall, reason: str = "") -> str:
    """What the page says in passing after the deed."""
    keys = [one.pk for one in chosen]
    response = merchant.post(f"{PAGE}decide", do=deed, chosen=keys, reason=reason)
    assert response.status_code == 200, response.content[:300]
    return str(response.json()["message"])


def test_what_is_missing_is_listed_with_its_order_and_a_link_to_it() -> None:
    merchant = Merchant()
    short(merchant)
    known_order(merchant.shop)
    page = merchant.page(PAGE)
    store = merchant.shop.domain.removesuffix(".myshopify.com")
    assert "Faltam <b>2</b> unidades" in page
    assert f'href="https://admin.shopify.com/store/{store}/orders/1001" target="_blank"> Abrir #1001 na Shopify' in page


def test_an_order_that_only_the_api_named_has_no_link() -> None:
    merchant = Merchant()
    short(merchant, "pedido-7")
    assert "admin.shopify.com/store" not in merchant.page(PAGE, part="list")


def test_missing_units_are_told_in_money_at_the_orders_price() -> None:
    merchant = Merchant()
    short(merchant)
    known_order(merchant.shop)
    assert "<b>R$\xa0399,80</b>" in merchant.page(PAGE, part="list")


def test_where_no_price_is_known_the_page_says_so() -> None:
    merchant = Merchant()
    short(merchant)
    known_order(merchant.shop, lines={"1": {"sku": "SKU-1", "quantity": 2, "removed": 0}})
    page = merchant.page(PAGE, part="list")
    assert "preço desconhecido" in page
    assert "falta o preço de 1 item" in page


@pytest.mark.parametrize(("language", "said"), [("pt-br", "R$\xa01.234,50"), ("en", "R$\xa01,234.50")])
def test_money_is_written_as_the_reader_writes_it(language: str, said: str) -> None:
    with translation.override(language):
        assert money(Decimal("1234.5"), "BRL") == said


def link(shop: Shop, **more: object) -> None:
    SkuLink.objects.create(shop=shop, variant_id=7, sku="SKU-1", synced_at=Now(), **more)


def all_sold(shop: Shop) -> None:
    link(shop)
    stock_of(shop, 1)
    settle_order(shop, "1000", 1)


def held_by_others(shop: Shop) -> None:
    link(shop)
    stock_of(shop, 1)
    hold(shop)


def counted_low(shop: Shop) -> None:
    held_by_others(shop)
    stock_of(shop, 0)


def died_first(shop: Shop) -> None:
    link(shop)
    stock_of(shop, 1)
    cart = uuid4()
    outlive(hold(shop, cart=cart))
    hold(shop, cart=uuid4())
    known_order(shop, cart_token=cart)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (lambda shop: stock_of(shop, 0), "O SKU não tinha par na Shopify"),
        (all_sold, "tudo já estava vendido"),
        (held_by_others, "outros carrinhos reservavam as últimas unidades"),
        (counted_low, "a contagem estava abaixo do que já tinha sido prometido"),
        (died_first, "A reserva deste pedido acabou antes do pagamento"),
    ],
    ids=["no pair", "all sold", "held by others", "counted low", "died first"],
)
def test_the_cause_is_said_as_far_as_facts_show_it(before: object, said: str) -> None:
    merchant = Merchant()
    assert callable(before)
    before(merchant.shop)
    settle_order(merchant.shop, "1001", 1)
    assert said in merchant.page(PAGE, part="list")


def test_a_pair_that_was_made_afterwards_is_not_what_the_sale_had() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    settle_order(merchant.shop, "1001", 1)
    link(merchant.shop, sku_since=Now())
    assert "O SKU não tinha par na Shopify" in merchant.page(PAGE, part="list")


def test_a_person_settles_several_and_the_ledger_names_who_and_how() -> None:
    merchant = Merchant()
    both = [short(merchant, "1001"), short(merchant, "1002")]
    assert decide(merchant, "resolve", *both, reason="reembolsado") == "2 itens foram resolvidos."
    assert "Nenhum. Todo item pago tem a sua unidade." in merchant.page(PAGE)
    last = StockMovement.objects.filter(shop=merchant.shop, kind="settled").order_by("position")
    assert [row.reference for row in last] == [f"{order}: shopify:42: reembolsado" for order in ("1001", "1002")]
    assert not engine.audit(merchant.shop.pk)


def test_settling_twice_is_harmless_and_said() -> None:
    merchant = Merchant()
    missing = short(merchant)
    decide(merchant, "resolve", missing, reason="reembolsado")
    assert decide(merchant, "resolve", missing, reason="reembolsado") == "Já estava resolvido."


@pytest.mark.parametrize("reason", ["", "   ", "x" * 256])
def test_how_it_was_settled_must_be_said(reason: str) -> None:
    merchant = Merchant()
    missing = short(merchant)
    response = merchant.post(f"{PAGE}decide", do="resolve", chosen=[missing.pk], reason=reason)
    assert response.status_code == 422
    page = response.content.decode()
    assert ' error="Diga em até 255' in page
    assert "checked></s-checkbox>" in page
    missing.refresh_from_db()
    assert missing.resolved_at is None


def test_nothing_is_done_where_nothing_is_chosen() -> None:
    merchant = Merchant()
    short(merchant)
    response = merchant.post(f"{PAGE}decide", do="keep_out")
    assert response.status_code == 422
    assert "Escolha ao menos um item." in response.content.decode()


@pytest.mark.parametrize("chosen", [["x"], ["-1"], ["9" * 30], []])
def test_an_odd_choice_chooses_nothing(chosen: list[str]) -> None:
    merchant = Merchant()
    short(merchant)
    assert merchant.post(f"{PAGE}decide", do="resolve", chosen=chosen, reason="x").status_code == 422


def test_an_order_is_kept_out_of_the_queue_and_let_in_again() -> None:
    merchant = Merchant()
    missing = short(merchant)
    assert "espera a próxima unidade livre" in merchant.page(PAGE, part="list")
    assert decide(merchant, "keep_out", missing) == "1 pedido está fora da fila."
    page = merchant.page(PAGE, part="list")
    assert "fora da fila</s-badge>" in page
    assert "Fora da fila; quem decidiu: equipe, nº 42." in page
    stock_of(merchant.shop, 1)
    assert decide(merchant, "let_in", missing) == "1 pedido voltou para a fila."
    missing.refresh_from_db()
    assert missing.quantity == 1


def test_a_kept_out_order_gets_free_units_by_hand() -> None:
    merchant = Merchant()
    missing = short(merchant)
    decide(merchant, "keep_out", missing)
    stock_of(merchant.shop, 1)
    assert "Usar 1 unidade livre" in merchant.page(PAGE, part="list")
    response = merchant.post(f"{PAGE}{missing.pk}/use")
    assert response.json()["message"] == "1 unidade agora é do pedido."
    response = merchant.post(f"{PAGE}{missing.pk}/use")
    assert response.json()["message"] == "Não há mais unidade livre, ou não falta mais nada."
    assert item(merchant.shop).in_flight == 1


def test_the_ledger_says_that_a_unit_went_to_an_order_that_lacked_it() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    settle_order(merchant.shop, "1001", 1)
    known_order(merchant.shop)
    engine.release(merchant.shop.pk, by_id(held))
    page = merchant.page(f"/app/stock/{item(merchant.shop).pk}/", part="ledger")
    assert "Ficou livre e foi para um pedido pago que estava sem unidade. (#1001)" in page


def test_the_formula_names_a_dead_holds_unit_that_a_paid_order_is_about_to_get() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    settle_order(merchant.shop, "1001", 1)
    outlive(held)
    page = merchant.page(f"/app/stock/{item(merchant.shop).pk}/", part="numbers")
    assert "<b>1</b> para pedidos pagos" in page
    assert "= <b>0</b>" in page


def test_the_menu_says_how_many_there_are() -> None:
    merchant = Merchant()
    assert ">Itens pagos sem unidade</a>" in merchant.page("/app/")
    short(merchant)
    assert ">Itens pagos sem unidade (1)</a>" in merchant.page("/app/")


def test_a_merchant_switches_the_rule_off_and_on_in_the_settings() -> None:
    merchant = Merchant()
    missing = short(merchant)
    fields = written()
    assert merchant.post("/app/settings/", **fields).status_code == 200
    merchant.shop.refresh_from_db()
    assert not merchant.shop.rescue_paid_orders
    stock_of(merchant.shop, 1)
    assert "isso está desligado em Ajustes" in merchant.page(PAGE)
    assert merchant.post("/app/settings/", **fields, rescue_paid_orders="on").status_code == 200
    missing.refresh_from_db()
    assert missing.quantity == 1


def test_another_shops_missing_units_are_not_found() -> None:
    merchant, other = Merchant(), Merchant()
    missing = short(other)
    assert "SKU-1" not in merchant.page(PAGE)
    assert merchant.post(f"{PAGE}{missing.pk}/use").status_code == 404
    assert merchant.post(f"{PAGE}decide", do="resolve", chosen=[missing.pk], reason="meu").status_code == 422
    missing.refresh_from_db()
    assert missing.resolved_at is None
