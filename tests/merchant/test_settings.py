"""Settings: in the merchant's units, checked, with each error beside its field."""

from typing import Any

import pytest

from reservations.models import Shop, ShopifyInstallation
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

PATH = "/app/settings/"


def written(**others: str) -> dict[str, Any]:
    """What a merchant sends who changes `others` and nothing else."""
    return {
        "hold_seconds": "10",
        "hold_ceiling_seconds": "60",
        "scarcity_threshold": "10",
        "max_units_per_line": "",
        "units_per_customer": "10",
        "holds_per_customer": "3",
        "units_per_address": "20",
        "holds_per_address": "10",
        "anonymous_percent": "100",
        "unpaid_wait_percent": "10",
        "sell_when": "paid",
        "card_minutes": "15",
        "pix_minutes": "30",
        "boleto_bank_days": "3",
        "deposit_bank_days": "3",
        "other_bank_days": "3",
        "inventory_mode": "off",
        "inventory_location_id": "",
        "language": "",
    } | others


def stored(merchant: Merchant) -> Shop:
    return Shop.objects.get(pk=merchant.shop.pk)


def test_the_limits_are_saved_and_the_page_says_what_shoppers_read_of_them() -> None:
    merchant = Merchant()
    limits = {"max_units_per_line": "2", "units_per_customer": "3", "anonymous_percent": "60"}
    assert merchant.post(PATH, **written(**limits)).status_code == 200
    shop = stored(merchant)
    assert (shop.max_units_per_line, shop.units_per_customer, shop.anonymous_percent) == (2, 3, 60)
    page = merchant.page(PATH)
    assert "Até 2 deste produto por carrinho." in page
    assert "até 3 por cliente e 20 por endereço de internet" in page
    assert "até 60% do estoque" in page


def test_a_limit_that_there_is_not_is_not_announced() -> None:
    page = Merchant(max_units_per_line=None, anonymous_percent=100).page(PATH)
    assert "por carrinho." not in page
    assert "do estoque." not in page


def test_the_page_shows_what_holds_in_minutes_and_units() -> None:
    page = Merchant(hold_seconds=90, hold_ceiling_seconds=1_800, scarcity_threshold=7).page(PATH)
    assert 'value="1.5"' in page
    assert 'value="30"' in page
    assert 'value="7"' in page
    assert "Uma reserva vale por (minutos)" in page
    assert "Um SKU está acabando com (unidades)" in page


@pytest.mark.parametrize(
    ("text", "seconds"), [("15", 900), ("2,5", 150), ("2.5", 150), (" 1 ", 60), ("0.02", 1), ("1440", 86_400)]
)
def test_minutes_are_saved_as_whole_seconds(text: str, seconds: int) -> None:
    merchant = Merchant()
    response = merchant.post(PATH, **written(hold_seconds=text, hold_ceiling_seconds="1440"))
    assert response.status_code == 200, response.content
    assert response.json()["message"] == "Os ajustes foram salvos."
    assert stored(merchant).hold_seconds == seconds


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("hold_seconds", "", ""),
        ("hold_seconds", "dez", "Escreva um número de minutos"),
        ("hold_seconds", "0", "Escreva mais que 0 e no máximo 1.440 minutos"),
        ("hold_seconds", "-5", "Escreva mais que 0 e no máximo 1.440 minutos"),
        ("hold_seconds", "1441", "Escreva mais que 0 e no máximo 1.440 minutos"),
        ("hold_seconds", "NaN", ""),
        ("hold_seconds", "1e9", "Escreva mais que 0 e no máximo 1.440 minutos"),
        ("hold_ceiling_seconds", "5", "teto"),
        ("scarcity_threshold", "-1", "de 0 a 100.000"),
        ("scarcity_threshold", "99999999999999999999", "de 0 a 100.000"),
        ("scarcity_threshold", "", "de 0 a 100.000"),
        ("max_units_per_line", "0", "de 1 a 1.000.000, ou nada"),
        ("max_units_per_line", "-3", "de 1 a 1.000.000, ou nada"),
        ("max_units_per_line", "1.5", "de 1 a 1.000.000, ou nada"),
        ("units_per_customer", "0", "unidades, de 1 a 1.000.000"),
        ("units_per_address", "", "unidades, de 1 a 1.000.000"),
        ("holds_per_customer", "1001", "reservas, de 1 a 1.000"),
        ("holds_per_address", "um", "reservas, de 1 a 1.000"),
        ("anonymous_percent", "0", "de 1 a 100"),
        ("unpaid_wait_percent", "101", "de 0 a 100"),
        ("pix_minutes", "0", "minutos, de 1 a 10.080"),
        ("card_minutes", "", "minutos, de 1 a 10.080"),
        ("boleto_bank_days", "61", "dias úteis bancários, de 1 a 60"),
        ("sell_when", "never", ""),
        ("inventory_mode", "always", ""),
        ("inventory_location_id", "abc", "Escreva só o número"),
        ("inventory_location_id", "9" * 30, "Escreva só o número"),
        ("language", "fr", ""),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_is_saved(field: str, text: str, sentence: str) -> None:
    merchant = Merchant()
    before = Shop.objects.filter(pk=merchant.shop.pk).values().get()
    response = merchant.post(PATH, **written(**{"scarcity_threshold": "3", field: text}))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(' error="') == 1
    assert page.count(sentence) == 1 or not sentence
    assert "Nada foi salvo" in page
    assert Shop.objects.filter(pk=merchant.shop.pk).values().get() == before


def test_publishing_needs_a_location() -> None:
    merchant = Merchant()
    response = merchant.post(PATH, **written(inventory_mode="publish"))
    assert response.status_code == 422
    assert merchant.post(PATH, **written(inventory_mode="publish", inventory_location_id="77")).status_code == 200
    assert (stored(merchant).inventory_mode, stored(merchant).inventory_location_id) == ("publish", 77)


def test_publishing_is_refused_while_blings_own_channel_writes() -> None:
    merchant = Merchant(native_channel=True)
    response = merchant.post(PATH, **written(inventory_mode="publish", inventory_location_id="77"))
    assert response.status_code == 422
    assert "O canal Shopify do próprio Bling" in response.content.decode()


def test_only_the_shown_settings_can_be_changed() -> None:
    merchant = Merchant()
    merchant.post(PATH, **written(domain="other.myshopify.com", requests_per_cart="1", native_channel="1"))
    assert stored(merchant).domain == merchant.shop.domain
    assert stored(merchant).requests_per_cart == merchant.shop.requests_per_cart


def test_one_shops_settings_leave_anothers_alone() -> None:
    merchant, other = Merchant(), Merchant()
    merchant.post(PATH, **written(hold_seconds="3"))
    assert stored(merchant).hold_seconds == 180
    assert stored(other).hold_seconds == 600


def test_a_language_once_chosen_is_that_of_the_answer_to_the_next_visit() -> None:
    merchant = Merchant()
    merchant.post(PATH, **written(language="en"))
    assert "Language of these pages" in merchant.page(PATH, locale="pt-BR")


def test_the_location_is_chosen_by_its_name_once_shopify_told_it() -> None:
    merchant = Merchant()
    assert "Local na Shopify (o número dele)" in merchant.page(PATH)
    ShopifyInstallation.objects.update(locations=[{"id": 7, "name": "Centro <1>"}, {"id": 8, "name": "Depósito"}])
    page = merchant.page(PATH)
    assert '<s-option value="7"> Centro &lt;1&gt;</s-option><s-option value="8"> Depósito</s-option>' in page
    assert merchant.post(PATH, **written(inventory_mode="publish", inventory_location_id="8")).status_code == 200
    assert Shop.objects.get(pk=merchant.shop.pk).inventory_location_id == 8
    ShopifyInstallation.objects.update(locations=[{"id": 7, "name": "Centro"}])
    assert '<s-option value="8" selected> 8</s-option>' in merchant.page(PATH)


def test_how_long_unpaid_orders_wait_and_whether_they_are_cancelled_is_the_merchants_choice() -> None:
    merchant = Merchant()
    assert not stored(merchant).cancel_unpaid_orders
    chosen = written(pix_minutes="20", boleto_bank_days="5", sell_when="placed", cancel_unpaid_orders="on")
    assert merchant.post(PATH, **chosen).status_code == 200
    shop = stored(merchant)
    assert (shop.pix_minutes, shop.boleto_bank_days, shop.sell_when, shop.cancel_unpaid_orders) == (
        20,
        5,
        "placed",
        True,
    )
    page = merchant.page(PATH)
    assert "Pedidos que aguardam pagamento" in page
    assert "Pix: prazo para pagar (minutos)" in page
