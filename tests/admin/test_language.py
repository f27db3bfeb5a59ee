"""The admin speaks its reader's language: Portuguese first."""

import pytest
from django.test import Client

from tests.admin.staff import page, signed_in, text_of
from tests.factories import make_shop, stock_of

pytestmark = pytest.mark.django_db


def test_the_admin_speaks_portuguese_unless_asked_for_english() -> None:
    stock_of(make_shop(), 5)
    for language in ("", "pt-BR,pt;q=0.9", "de"):
        text = text_of(signed_in(username=f"ana-{language[:2]}", language=language).get(page("stockitem_changelist")))
        assert all(word in text for word in ("Itens de estoque", "Disponível", "Em estoque", "Aplicar contagem"))
        assert 'lang="pt-br"' in text
    english = text_of(signed_in(username="beto").get(page("stockitem_changelist")))
    assert all(word in english for word in ("Stock items", "Available", "On hand", "Apply a count"))


@pytest.mark.parametrize("model", ["shop", "apikey", "stockitem", "stockmovement", "reservation", "shortfall"])
def test_no_english_heading_is_left_on_a_portuguese_list(model: str) -> None:
    stock_of(make_shop(), 5)
    client = signed_in(language="pt-br")
    text = text_of(client.get(page(f"{model}_changelist"))).lower()
    for word in ("shop<", "reserved", "on hand", "ledger", "order<", "created at", "shortfall<", "status<"):
        assert f">{word}" not in text


def test_the_admin_bears_the_products_name_and_asks_strangers_to_sign_in() -> None:
    assert "<title>Selecione item de estoque para visualizar | Bázico</title>" in text_of(
        signed_in(language="pt-br").get(page("stockitem_changelist"))
    )
    answer = Client().get(page("stockitem_changelist"))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")
