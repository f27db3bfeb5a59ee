"""Check a shop's domain. We never send to, redirect to, or let ourselves be framed by an unchecked one."""

import re

from reservations.models.shop import SHOP_DOMAIN_PATTERN

# The longest that a host name can be (RFC 1035).
_LONGEST = 253


def shop_domain(text: str) -> str | None:
    """The permanent domain that `text` names, in lower case, or None when it names none."""
    domain = text.lower()
    return domain if len(domain) <= _LONGEST and re.fullmatch(SHOP_DOMAIN_PATTERN, domain) else None


def store_name(domain: str) -> str:
    """The shop's name inside Shopify's admin."""
    return domain.removesuffix(".myshopify.com")
