"""Which text is a shop's domain. Nothing is ever sent to, framed by or redirected to a domain that is not checked."""

import re

from reservations.models.shop import SHOP_DOMAIN_PATTERN

# The longest that a host name can be (RFC 1035).
_LONGEST = 253


def shop_domain(text: str) -> str | None:
    """The permanent domain that `text` names, in lower case, or None when it is none."""
    domain = text.lower()
    return domain if len(domain) <= _LONGEST and re.fullmatch(SHOP_DOMAIN_PATTERN, domain) else None


def store_name(domain: str) -> str:
    """The shop's name inside Shopify's admin."""
    return domain.removesuffix(".myshopify.com")
