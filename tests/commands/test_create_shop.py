"""create_shop: a shop and the key that its servers use."""

import re

import pytest
from django.core.management.base import CommandError
from django.test import override_settings

from reservations.models import ApiKey, Shop, hash_key
from tests.factories import make_shop
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db

DOMAIN = "loja-da-ana.myshopify.com"


def shown_key(output: str) -> str:
    found = re.search(r"^API key: (\S+)$", output, re.MULTILINE)
    assert found
    return found[1]


def test_a_random_key_is_shown_once_and_only_its_hash_is_kept() -> None:
    raw = shown_key(output_of("create_shop", DOMAIN))
    stored = ApiKey.objects.get()
    assert stored.hash == hash_key(raw)
    assert raw not in (stored.prefix, stored.name, stored.hash)
    assert stored.shop.domain == DOMAIN


def test_a_given_key_is_the_one_that_opens_the_shop() -> None:
    assert shown_key(output_of("create_shop", DOMAIN, "--api-key", "chave-da-ana")) == "chave-da-ana"
    assert ApiKey.objects.get(hash=hash_key("chave-da-ana")).shop.domain == DOMAIN


def test_a_domain_in_capitals_is_stored_as_shopify_has_it() -> None:
    output_of("create_shop", " Loja-da-Ana.myshopify.com ", "--name", "Loja da Ana")
    assert Shop.objects.values_list("domain", "name").get() == (DOMAIN, "Loja da Ana")


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "loja",
        "loja.com",
        "loja-.example.com",
        ".myshopify.com",
        "loja.myshopify.com.evil.com",
        "https://loja.myshopify.com",
        "l_oja.myshopify.com",
        "ação.myshopify.com",
        f"{'a' * 256}.myshopify.com",
    ],
)
def test_what_is_no_domain_of_a_shop_is_refused(domain: str) -> None:
    with pytest.raises(CommandError, match="not the domain of a shop"):
        output_of("create_shop", domain)
    assert not Shop.objects.exists()


def test_a_domain_that_exists_is_refused_in_one_sentence() -> None:
    shop = make_shop()
    with pytest.raises(CommandError, match=f"The shop {shop.domain} exists already."):
        output_of("create_shop", shop.domain.upper())
    assert not ApiKey.objects.exists()


def test_a_key_that_opens_another_shop_leaves_no_shop_behind() -> None:
    output_of("create_shop", DOMAIN, "--api-key", "chave-da-ana")
    with pytest.raises(CommandError, match="in use already"):
        output_of("create_shop", "loja-do-beto.myshopify.com", "--api-key", "chave-da-ana")
    assert Shop.objects.count() == 1


@pytest.mark.parametrize("key", ["", "curta12", "com espaço aqui", "chave\tcom-tab", "a" * 201])
def test_a_key_that_no_header_could_carry_or_anybody_could_guess_is_refused(key: str) -> None:
    with pytest.raises(CommandError, match="An API key has"):
        output_of("create_shop", DOMAIN, "--api-key", key)
    assert not Shop.objects.exists()


@override_settings(DEVELOPMENT=False)
def test_production_wants_a_given_key_of_24_characters() -> None:
    with pytest.raises(CommandError, match="24 to 200 characters"):
        output_of("create_shop", DOMAIN, "--api-key", "k" * 23)
    output_of("create_shop", DOMAIN, "--api-key", "k" * 24)
    assert Shop.objects.count() == 1
