"""The method of a payment, by the words in its gateways' names, and how long its order waits."""

from datetime import datetime, timedelta

import pytest

from reservations.shopify.orders.bank_days import BRASILIA
from reservations.shopify.orders.payment_method import Figures, Method, due_at, method_of

FIGURES = Figures(card_minutes=15, pix_minutes=30, boleto_bank_days=3, deposit_bank_days=2, other_bank_days=4)
# A Monday before a week without holidays.
PLACED = datetime(2026, 11, 23, 10, tzinfo=BRASILIA)

NAMES = {
    "Pix": Method.PIX,
    "pix_pagarme": Method.PIX,
    "Appmax - PIX": Method.PIX,
    "Boleto": Method.BOLETO,
    "boleto_bancario": Method.BOLETO,
    "Boleto Bancário via Pagar.me": Method.BOLETO,
    "Cartão de crédito": Method.CARD,
    "CARTAO DE CREDITO (Cielo)": Method.CARD,
    "shopify_payments": Method.CARD,
    "(for testing) bogus": Method.CARD,
    "Bank Deposit": Method.DEPOSIT,
    "Depósito em conta": Method.DEPOSIT,
    "Transferência bancária (TED)": Method.DEPOSIT,
    "Cash on Delivery (COD)": Method.ON_DELIVERY,
    "Pagamento na entrega": Method.ON_DELIVERY,
    "Pagar na retirada": Method.ON_DELIVERY,
    # No method that anybody could tell from these; a word inside another word is no word.
    "Mercado Pago": Method.OTHER,
    "manual": Method.OTHER,
    "Pixel Pay": Method.OTHER,
    "Codeka": Method.OTHER,
    "🤷": Method.OTHER,
}


@pytest.mark.parametrize(("name", "method"), NAMES.items())
def test_a_gateway_is_known_by_the_words_in_its_name(name: str, method: Method) -> None:
    assert method_of([name]) is method


@pytest.mark.parametrize(
    ("names", "method"),
    [
        ([], Method.OTHER),
        (["gift_card"], Method.OTHER),
        (["gift_card", "Pix"], Method.PIX),
        (["Cartão de crédito", "Pix"], Method.PIX),
        (["Pix", "Mercado Pago"], Method.OTHER),
        (["Cartão, Pix ou boleto"], Method.BOLETO),
    ],
)
def test_of_several_methods_the_one_that_waits_longest_counts(names: list[str], method: Method) -> None:
    assert method_of(names) is method


def test_each_method_waits_as_long_as_the_merchant_says() -> None:
    midnight = PLACED.replace(hour=0)
    assert {method: due_at(method, PLACED, FIGURES) for method in Method} == {
        Method.CARD: PLACED + timedelta(minutes=15),
        Method.PIX: PLACED + timedelta(minutes=30),
        Method.BOLETO: midnight + timedelta(days=4),
        Method.DEPOSIT: midnight + timedelta(days=3),
        Method.OTHER: midnight + timedelta(days=5),
        Method.ON_DELIVERY: None,
    }
