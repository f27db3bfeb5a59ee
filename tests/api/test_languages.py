"""`detail` speaks the caller's language: Portuguese unless English is preferred."""

from string import Formatter

import pytest

from reservations.api.cart_validate import REASONS
from reservations.api.language import LANGUAGES, language_of
from tests.api.client import Merchant, body_of
from tests.factories import stock_of

PT, EN = "pt-br", "en"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, PT),
        ("", PT),
        ("pt-BR", PT),
        ("pt", PT),
        ("pt-PT", PT),
        ("en", EN),
        ("EN", EN),
        ("en-US,en;q=0.9", EN),
        ("en-GB", EN),
        ("pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", PT),
        ("en-US,en;q=0.9,pt-BR;q=0.8", EN),
        ("en;q=0.5,pt;q=0.9", PT),
        ("en;q=0.9,pt;q=0.5", EN),
        ("pt;q=0.9,en;q=0.9", PT),
        ("en;q=0.9,pt;q=0.9", EN),
        ("fr, de;q=0.9, en;q=0.1", EN),
        ("fr, de", PT),
        ("*", PT),
        ("fr, *;q=0.5", PT),
        ("pt;q=0.1, *;q=0.5", EN),
        ("pt;q=0, *", EN),
        ("pt;q=0", PT),
        ("en;q=0", PT),
        ("en;q=0.000", PT),
        ("en ; q=0.8 , pt ; q=0.2", EN),
        ("en;Q=1.0", EN),
        ("en;q=2", PT),
        ("en;q=-1", PT),
        ("en;q=nan", PT),
        ("en;q=1e9", PT),
        ("en;q=\u0660.\u0665", PT),
        ("en;q=", PT),
        ("english", PT),
        (",,;;q=,", PT),
        ("en" + "," * 300, PT),
        ("\x00\xff", PT),
    ],
)
def test_the_language_of_highest_quality_wins(header: str | None, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name", "sentence"),
    [
        (None, "pt-BR", "Estoque para o SKU 'SKU-1' indisponível para reserva."),
        ("pt-BR", "pt-BR", "Estoque para o SKU 'SKU-1' indisponível para reserva."),
        ("en-US,en;q=0.9", "en", "SKU 'SKU-1' has not enough stock to reserve."),
    ],
)
def test_beto_reads_the_refusal_in_his_language(language: str | None, name: str, sentence: str) -> None:
    merchant = Merchant(language=language)
    stock_of(merchant.shop, 0)
    response = merchant.post("/stock/SKU-1/reserve")
    assert body_of(response)["detail"] == sentence
    assert response["Content-Language"] == name


@pytest.mark.django_db
def test_wrong_members_are_explained_in_both_languages() -> None:
    details = {
        language: body_of(Merchant(language=language).post("/stock/SKU-1/reserve", {"quantity": "1"}))["detail"]
        for language in ("pt-BR", "en")
    }
    assert "quantity deve ser um número inteiro" in details["pt-BR"]
    assert "quantity must be a JSON integer" in details["en"]


@pytest.mark.django_db
def test_what_lies_outside_the_views_speaks_both_languages_too() -> None:
    assert body_of(Merchant(language="en").get("/nowhere"))["detail"] == "There is nothing at this address."
    assert body_of(Merchant().get("/nowhere"))["detail"] == "Endereço não encontrado."


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_says_the_same_in_both_languages(reason: str) -> None:
    filled_in = [{name for _, name, _, _ in Formatter().parse(REASONS[reason][language])} for language in LANGUAGES]
    assert filled_in[0] == filled_in[1]
    assert REASONS[reason].keys() == set(LANGUAGES)
