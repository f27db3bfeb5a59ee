"""Secrets must be set and long enough, and in production not the ones that anybody can read in this repository."""

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

# An empty or guessable secret verifies every forged signature.
SHORTEST_SECRET = 16
SHORTEST_SECRET_KEY = 50
DEMO_CREDENTIALS = {
    "SHOPIFY_API_KEY": "demo-shopify-key",
    "SHOPIFY_API_SECRET": "demo-shopify-secret",
    "SHOPIFY_API_SECRET_PREVIOUS": "demo-shopify-secret",
    "BLING_CLIENT_ID": "demo-bling-id",
    "BLING_CLIENT_SECRET": "demo-bling-secret",
}


@register(Tags.security)
def signing_secrets_are_long_enough(**_: Any) -> list[CheckMessage]:
    """On every machine: with these we check signatures that strangers send."""
    names = ["SHOPIFY_API_SECRET"]
    if settings.SHOPIFY_API_SECRET_PREVIOUS:
        names.append("SHOPIFY_API_SECRET_PREVIOUS")
    if settings.BLING_CLIENT_ID or settings.BLING_CLIENT_SECRET:
        names.append("BLING_CLIENT_SECRET")
    return [
        Error(
            f"{name} is {'empty' if not getattr(settings, name).strip() else 'too short'}: anybody could forge what "
            f"it signs. Set it to the app's secret (at least {SHORTEST_SECRET} characters).",
            id="basico.E020",
        )
        for name in names
        if len(getattr(settings, name).strip()) < SHORTEST_SECRET
    ]


@register(Tags.security)
def secret_key_is_strong(**_: Any) -> list[CheckMessage]:
    """SECRET_KEY signs sessions, forms and links."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own way to say that it is empty
        key = ""
    if len(key) >= SHORTEST_SECRET_KEY and len(set(key)) >= 5:
        return []
    return [
        Error(
            f"SECRET_KEY is too weak: use at least {SHORTEST_SECRET_KEY} random characters.",
            hint='python -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="basico.E021",
        )
    ]


@register(Tags.security)
def encryption_keys_are_valid(**_: Any) -> list[CheckMessage]:
    """The first of ENCRYPTION_KEYS encrypts the stored tokens of Shopify and Bling."""
    if settings.ENCRYPTION_KEYS and all(_is_fernet_key(key) for key in settings.ENCRYPTION_KEYS):
        return []
    return [
        Error(
            "ENCRYPTION_KEYS must be one or more Fernet keys, separated by commas.",
            hint='python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
            id="basico.E022",
        )
    ]


@register(Tags.security)
def production_has_no_demo_credentials(**_: Any) -> list[CheckMessage]:
    """The demo shop's key and the demo app's secrets are public."""
    if settings.DEVELOPMENT:
        return []
    known = [name for name, value in DEMO_CREDENTIALS.items() if getattr(settings, name) == value]
    known += ["DEMO_API_KEY"] if settings.DEMO_API_KEY else []
    return [
        Error(f"{name} is a demo credential that everybody knows: it must not be in production.", id="basico.E023")
        for name in known
    ]


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
