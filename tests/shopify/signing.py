"""Signs what Shopify signs, as Shopify does, with these tests' secret."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import jwt
from django.conf import settings


def body_signature(body: bytes, secret: str | None = None) -> str:
    """The header of a webhook."""
    made = hmac.new((secret or settings.SHOPIFY_API_SECRET).encode(), body, hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def proxied(parameters: Mapping[str, str], secret: str | None = None, *, at: float | None = None) -> str:
    """The query of a call through the app proxy."""
    known = {"timestamp": str(int(time.time() if at is None else at)), "path_prefix": "/apps/bazico-stock"} | dict(
        parameters
    )
    message = "".join(sorted(f"{key}={value}" for key, value in known.items()))
    made = hmac.new((secret or settings.SHOPIFY_API_SECRET).encode(), message.encode(), hashlib.sha256)
    return urlencode(known | {"signature": made.hexdigest()})


def claims_of(domain: str, **others: object) -> dict[str, object]:
    """The claims of a session token of `domain` made now; None leaves a claim out."""
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": f"https://{domain}/admin",
        "dest": f"https://{domain}",
        "aud": settings.SHOPIFY_API_KEY,
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "6c992878-dbaf-48d1-bb9d-6d9b59814fd1",
        "sid": "dcb85b0c",
    }
    return {name: value for name, value in (claims | others).items() if value is not None}


def session_token(domain: str, secret: str | None = None, /, **others: object) -> str:
    """A session token of `domain`, good for a minute; `others` replace claims, None leaves one out."""
    payload = json.dumps(claims_of(domain, **others)).encode()
    return jwt.PyJWS().encode(payload, secret or settings.SHOPIFY_API_SECRET, algorithm="HS256")
