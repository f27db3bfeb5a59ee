"""Session tokens, signed as Shopify's admin signs them for the page that it embeds."""

import time
from typing import Any
from uuid import uuid4

import jwt

from sandbox.shopify.registration import Registration

LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 10


class InvalidSessionToken(Exception):
    """A token that Shopify would not exchange."""


def sign(app: Registration, shop: str, *, user: int = 1, now: float | None = None, **claims: Any) -> str:
    """A session token of a shop's user. `claims` replace its own; one that is None is left out."""
    issued = int(time.time() if now is None else now)
    own = {
        "iss": f"https://{shop}/admin",
        "dest": f"https://{shop}",
        "aud": app.client_id,
        "sub": str(user),
        "exp": issued + LIFETIME_SECONDS,
        "nbf": issued,
        "iat": issued,
        "jti": str(uuid4()),
        "sid": uuid4().hex,
    }
    values = {name: value for name, value in (own | claims).items() if value is not None}
    return jwt.encode(values, app.client_secret, algorithm="HS256")


def verify(app: Registration, shop: str, token: str, now: float) -> dict[str, Any]:
    """The claims of a token of this shop. Raises InvalidSessionToken."""
    try:
        options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        claims = jwt.decode(token, app.client_secret, algorithms=["HS256"], audience=app.client_id, options=options)
        alive = claims["nbf"] - LEEWAY_SECONDS <= now <= claims["exp"] + LEEWAY_SECONDS
        if not alive or claims["dest"] != f"https://{shop}" or not claims["iss"].startswith(claims["dest"]):
            raise InvalidSessionToken
    except (jwt.InvalidTokenError, KeyError, TypeError) as error:
        raise InvalidSessionToken from error
    return dict(claims)
