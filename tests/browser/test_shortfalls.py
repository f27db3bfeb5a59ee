"""*Itens pagos sem unidade* as a merchant works with it: choose several, settle them, give one what is free."""

from django.db.models.functions import Now
from playwright.sync_api import expect

from reservations import engine
from reservations.models import Shop, ShopifyOrder, Shortfall, SkuLink
from tests.factories import hold, make_shop, settle_order, stock_of

from .visits import Visits

SKU = "CAMISETA-BAZICA-DE-NOME-COMPRIDO-PRETA-GG"


def shop_in_want(orders: int) -> Shop:
    """A shop whose only unit another buyer holds, and so many paid orders that lack theirs."""
    shop = make_shop()
    stock_of(shop, 1, SKU)
    SkuLink.objects.create(shop=shop, variant_id=1, sku=SKU, synced_at=Now())
    hold(shop, SKU)
    for number in range(1001, 1001 + orders):
        settle_order(shop, str(number), 1 + number % 3, SKU)
        lines = {"1": {"sku": SKU, "quantity": 1 + number % 3, "removed": 0, "price": "1199.90"}}
        told = {"lines": lines if number % 4 else {}, "currency": "BRL", "heard_at": Now()}
        ShopifyOrder.objects.create(shop=shop, order_id=str(number), name=f"#{number}", **told)
    return shop


def test_several_are_settled_at_once_with_one_reason(visits: Visits) -> None:
    shop = shop_in_want(3)
    app = visits.admin(shop, "/app/shortfalls/")
    app.inside.get_by_role("button", name="Escolher todos").click()
    app.inside.get_by_label("Pedido #1002").uncheck()
    app.inside.get_by_label("Como foi resolvido").fill("reembolsado")
    app.inside.get_by_role("button", name="Confirmar").click()
    expect(app.inside.get_by_label("Pedido #1001")).to_have_count(0)
    expect(app.inside.get_by_label("Pedido #1002")).to_be_visible()
    closed = Shortfall.objects.filter(shop=shop, resolution="reembolsado").values_list("order_id", flat=True)
    assert sorted(closed) == ["1001", "1003"]


def test_a_kept_out_order_is_given_what_is_free_with_one_press(visits: Visits) -> None:
    shop = shop_in_want(1)
    engine.keep_out(shop.pk, "1001", by="shopify:42")
    stock_of(shop, 9, SKU)
    app = visits.admin(shop, "/app/shortfalls/", width=390)
    app.inside.get_by_role("button", name="Usar 3 unidades livres").click()
    expect(app.inside.get_by_text("Nenhum. Todo item pago tem a sua unidade.")).to_be_visible()
    assert not Shortfall.objects.filter(shop=shop, quantity__gt=0).exists()
