"""Addresses and switches that only a development machine may have."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SHOPIFY_ADMIN_URL = "https://{shop}"
REAL_HOSTS = {
    "BLING_API_URL": {"api.bling.com.br"},
    "BLING_AUTHORIZE_URL": {"www.bling.com.br", "bling.com.br"},
}
LOCAL_SERVICE = re.compile(r"/bazico-[0-9a-f]{12}(/|$)")


@register(Tags.security)
def production_has_no_sandbox(**_: Any) -> list[CheckMessage]:
    """The sandbox plays Bling and Shopify: anybody who reaches it can sell what does not exist."""
    if settings.DEVELOPMENT or not settings.SANDBOX:
        return []
    return [Error("SANDBOX must be off in production.", id="basico.E030")]


@register(Tags.security)
def production_calls_real_hosts_only(**_: Any) -> list[CheckMessage]:
    """We send tokens to these addresses."""
    if settings.DEVELOPMENT:
        return []
    wrong = [name for name, hosts in REAL_HOSTS.items() if not _is_https_on(getattr(settings, name), hosts)]
    wrong += ["SHOPIFY_ADMIN_URL"] if settings.SHOPIFY_ADMIN_URL != SHOPIFY_ADMIN_URL else []
    return [
        Error(f"{name} does not lead to the real service: in production leave it unset.", id="basico.E031")
        for name in wrong
    ]


@register(Tags.security)
def production_is_asked_by_its_own_names_only(**_: Any) -> list[CheckMessage]:
    """Links, redirects and cookies carry PUBLIC_URL; under '*' a stranger could choose another name."""
    if settings.DEVELOPMENT:
        return []
    found: list[CheckMessage] = []
    if settings.PUBLIC_URL and not _is_https_address(settings.PUBLIC_URL):
        found.append(Error("PUBLIC_URL must be the service's own https:// address.", id="basico.E035"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS must not be '*': name the hosts.", id="basico.E036"))
    return found


@register(Tags.security)
def production_has_real_services(**_: Any) -> list[CheckMessage]:
    """The local PostgreSQL has no backup, and the local Redis lacks security fixes."""
    if settings.DEVELOPMENT:
        return []
    used = {"DATABASE_URL": str(settings.DATABASES["default"].get("HOST", "")), "REDIS_URL": settings.REDIS_URL}
    return [
        Error(f"{name} leads to the local service of a development machine.", id="basico.E032")
        for name, address in used.items()
        if LOCAL_SERVICE.search(address)
    ]


def _is_https_address(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname)


def _is_https_on(address: str, hosts: set[str]) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.netloc in hosts
