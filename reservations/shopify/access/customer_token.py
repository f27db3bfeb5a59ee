"""Session tokens of customers: an extension on a page of the customer's account proves in which shop it runs.

Shopify names the shop in `dest`, with or without its scheme, and no issuer. It names the customer (`sub`) only where
they have signed in and the app may read customers, which this one may not: most tokens prove a shop and no person.
"""

import re

from .session_token import InvalidSessionToken, signed_claims
from .shop_domain import shop_domain

_CLAIMS = {"exp": int, "aud": str, "dest": str}
_SHOP = re.compile(r"(?:https://)?(?P<host>[a-z0-9.-]+)")
_CUSTOMER = re.compile(r"gid://shopify/Customer/[0-9]{1,20}")


def verify(text: str) -> str:
    """The shop's domain that `text` proves. Raises InvalidSessionToken; a token of the admin proves nothing here."""
    claims = signed_claims(text, _CLAIMS)
    dest, customer = _SHOP.fullmatch(claims["dest"]), claims.get("sub", "")
    if dest is None or shop_domain(dest["host"]) != dest["host"]:
        raise InvalidSessionToken("dest names no shop")
    if customer and not (isinstance(customer, str) and _CUSTOMER.fullmatch(customer)):
        raise InvalidSessionToken("this is no customer")
    return dest["host"]
