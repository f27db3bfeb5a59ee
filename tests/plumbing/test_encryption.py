"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from plumbing.encryption import DecryptionFailed, decrypt, encrypt, needs_rotation

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(text=st.text(), owner=st.text(alphabet=st.characters(codec="utf-8")))
def test_what_was_encrypted_for_an_owner_opens_for_that_owner(text: str, owner: str) -> None:
    assert decrypt(encrypt(text, owner=owner), owner=owner) == text


def test_a_ciphertext_moved_to_another_shop_does_not_open() -> None:
    sealed = encrypt("shpat_secret", owner="shop:1:shopify")
    with pytest.raises(DecryptionFailed):
        decrypt(sealed, owner="shop:2:shopify")


def test_a_ciphertext_shows_neither_the_secret_nor_its_owner() -> None:
    sealed = encrypt("shpat_secret", owner="shop:1:shopify")
    assert "secret" not in sealed
    assert "shop" not in sealed


def test_the_same_secret_never_looks_the_same_twice() -> None:
    assert encrypt("secret", owner="a") != encrypt("secret", owner="a")


@pytest.mark.parametrize("token", ["", "plain text", "gAAAAA", "ç"])
def test_what_is_no_ciphertext_is_refused_with_the_same_error(token: str) -> None:
    with pytest.raises(DecryptionFailed):
        decrypt(token, owner="shop:1:shopify")
    assert needs_rotation(token)


def test_a_changed_ciphertext_is_refused() -> None:
    sealed = encrypt("secret", owner="a")
    with pytest.raises(DecryptionFailed):
        decrypt(sealed[:-4] + ("AAA=" if sealed[-4:] != "AAA=" else "BBB="), owner="a")


def test_an_old_key_still_decrypts_while_the_first_one_encrypts(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = encrypt("secret", owner="a")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert decrypt(sealed, owner="a") == "secret"
    assert needs_rotation(sealed)
    assert not needs_rotation(encrypt("secret", owner="a"))


def test_a_retired_key_opens_nothing_any_more(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = encrypt("secret", owner="a")
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(DecryptionFailed):
        decrypt(sealed, owner="a")
