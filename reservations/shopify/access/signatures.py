"""Shopify's three signatures, each an HMAC-SHA256 with the app's secret: of a body, of a link, of a proxied call.

Digests are compared as bytes in constant time. No secret, no valid signature.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

# Far more parameters than Shopify or our storefront script ever send.
_MOST_PARAMETERS = 100
_DIGEST_BYTES = hashlib.sha256().digest_size
# Shopify signs names and values without anything between them, so what one shop's visitor adds to a query could be read
# as another shop's call. Nothing but these is read, and no value of these shapes can hold a second name.
_PROXIED = {
    "shop": re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com"),
    "path_prefix": re.compile(r"(?:/[A-Za-z0-9_-]+){1,4}"),
    "timestamp": re.compile(r"[0-9]{1,12}"),
    "logged_in_customer_id": re.compile(r"[0-9]{0,20}"),
    "signature": re.compile(r"[0-9a-f]{64}"),
}

Pairs = list[tuple[str, str]]


def body_is_signed(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Whether `signature`, in base64 as webhooks bring it, was made over exactly these bytes with one of `secrets`."""
    try:
        digest = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return _is_digest_of(body, digest, secrets)


def query_is_signed(query: str, secrets: Iterable[str]) -> bool:
    """Whether Shopify made this link into the app: the parameter ``hmac`` signs all the others."""
    parameters = parse(query)
    if parameters is None or not once(parameters, "hmac", "shop", "timestamp"):
        return False
    signed = [pair for pair in parameters if pair[0] != "hmac"]
    return _is_digest_of(query_message(signed), _from_hex(dict(parameters)["hmac"]), secrets)


def proxied_call_is_signed(query: str, secrets: Iterable[str]) -> bool:
    """Whether this call came through a shop's app proxy: ``signature`` signs the rest of the query, and no body.

    A query with any other parameter than Shopify's own is none, whoever signed it.
    """
    parameters = parse(query)
    if parameters is None or not once(parameters, "shop", "timestamp", "signature"):
        return False
    if not at_most_once(parameters, "path_prefix", "logged_in_customer_id"):
        return False
    if not all(name in _PROXIED and _PROXIED[name].fullmatch(value) for name, value in parameters):
        return False
    signed = [pair for pair in parameters if pair[0] != "signature"]
    return _is_digest_of(proxy_message(signed), _from_hex(dict(parameters)["signature"]), secrets)


def query_message(parameters: Pairs) -> bytes:
    """The part of a link that Shopify signs: ``key=value`` sorted and joined by ``&``, with separators escaped."""
    lines = [f"{_escape(key).replace('=', '%3D')}={_escape(value)}" for key, value in _arrays(parameters).items()]
    return "&".join(sorted(lines)).encode()


def proxy_message(parameters: Pairs) -> bytes:
    """The part of a proxied call that Shopify signs: ``key=value`` sorted and joined, repeated values by a comma."""
    values: dict[str, list[str]] = {}
    for key, value in parameters:
        values.setdefault(key, []).append(value)
    return "".join(sorted(f"{key}={','.join(several)}" for key, several in values.items())).encode()


def parse(query: str) -> Pairs | None:
    """The parameters of a query, blank ones too; None when it is not UTF-8 or has too many."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None


def once(parameters: Pairs, *names: str) -> bool:
    """Whether each of `names` is there exactly once: of two values, two readers may believe different ones."""
    keys = [key for key, _ in parameters]
    return all(keys.count(name) == 1 for name in names)


def at_most_once(parameters: Pairs, *names: str) -> bool:
    """Whether none of `names` is there twice."""
    keys = [key for key, _ in parameters]
    return all(keys.count(name) <= 1 for name in names)


def _is_digest_of(message: bytes, digest: bytes, secrets: Iterable[str]) -> bool:
    if len(digest) != _DIGEST_BYTES:
        return False
    made = (hmac.new(secret.encode(), message, hashlib.sha256).digest() for secret in secrets if secret)
    # Each comparison takes constant time; which of the secrets fits may show.
    return any(hmac.compare_digest(digest, ours) for ours in made)


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text) if text.isascii() and text.isalnum() else b""
    except ValueError:
        return b""


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26")


def _arrays(parameters: Pairs) -> Mapping[str, str]:
    """``ids[]=1&ids[]=2`` is signed as ``ids=["1", "2"]``."""
    plain = {key: value for key, value in parameters if not key.endswith("[]")}
    lists: dict[str, list[str]] = {}
    for key, value in parameters:
        if key.endswith("[]"):
            lists.setdefault(key.removesuffix("[]"), []).append(value)
    return plain | {key: json.dumps(values) for key, values in lists.items()}
