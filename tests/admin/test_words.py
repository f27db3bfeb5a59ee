"""The words of the admin: Portuguese for every table, and none that displaces a word of Django's."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db.models import Model
from django.urls import reverse
from django.utils import translation

from reservations.management import message_catalogue
from tests.admin.rows import name_of, ours
from tests.admin.staff import signed_in, text_of

# Words that are the same in both languages.
SAME = {"situação", "sku", "status", "id", "webhook", "webhooks", "bling", "shopify", "token"}


def words(model: type[Model]) -> Iterator[str]:
    """What a person reads around the rows of this table."""
    options = admin.site._registry[model]
    yield from (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
    for name in {*options.list_display, *(options.fields or ())}:
        assert isinstance(name, str)
        yield str(label_for_field(name, model, options))
    yield str(options.search_help_text or "")
    for action in options.actions or ():
        yield str(getattr(getattr(options, str(action)), "short_description", ""))
    # A filter on a field shows the field's name, which is among those above.
    yield from (str(getattr(known, "title", "")) for known in options.list_filter if isinstance(known, type))


@pytest.mark.parametrize("model", ours(), ids=name_of)
def test_every_word_around_a_table_has_its_portuguese(model: type[Model]) -> None:
    with translation.override("en"):
        english = list(words(model))
    with translation.override("pt-br"):
        portuguese = list(words(model))
    same = {en for en, pt in zip(english, portuguese, strict=True) if en == pt and en} - {""}
    assert {word for word in same if word.lower() not in SAME} == set()


def test_no_text_of_ours_changes_what_django_says_of_its_own() -> None:
    theirs: dict[str, set[str]] = {}
    root = Path(django.__file__).parent
    for file in [*root.glob("conf/locale/pt_BR/**/django.mo"), *root.glob("contrib/*/locale/pt_BR/**/django.mo")]:
        with file.open("rb") as opened:
            for source, target in gettext.GNUTranslations(opened)._catalog.items():  # type: ignore[attr-defined]
                theirs.setdefault(source, set()).add(target)
    ours = [
        entry
        for file in message_catalogue.catalogues()
        for entry in message_catalogue.read_messages(file)[1:]
        if entry.is_translated
    ]
    changed = {e.key: e.target[0] for e in ours if e.key in theirs and e.target[0] not in theirs[e.key]}
    assert changed == {}


@pytest.mark.django_db
def test_the_first_page_shows_the_sections_in_the_order_in_which_they_are_looked_for() -> None:
    text = text_of(signed_in(language="pt-br").get(reverse("admin:index")))
    titles = ["Estoque", "Pedidos e carrinhos", "Bling", "Shopify", "Lojas e acesso", "Funcionamento interno"]
    places = [text.index(f">{title}</a>") for title in titles]
    assert places == sorted(places)
    assert text.index("Itens de estoque") < text.index(">Reservas<") < text.index(">Movimentações<")


@pytest.mark.django_db
def test_a_member_of_staff_sees_only_sections_with_something_for_them() -> None:
    text = text_of(signed_in("view_stockitem").get(reverse("admin:index")))
    assert ">Stock items<" in text
    assert "Orders and carts" not in text
    assert "Inner workings" not in text


@pytest.mark.django_db
def test_an_active_user_is_worded_as_a_user_and_an_active_reservation_as_one() -> None:
    client = signed_in(language="pt-br")
    users = text_of(client.get(reverse("admin:auth_user_changelist")))
    assert "Por ativo" in users
    assert "Por ativa" not in users
    assert ">ativa</a>" in text_of(client.get(reverse("admin:reservations_reservation_changelist")))
