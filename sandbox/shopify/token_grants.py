"""POST /admin/oauth/access_token: token exchange, refresh, and the move away from tokens that never expire."""

import hmac
from collections.abc import Mapping

from sandbox.shopify.admin_sessions import InvalidSessionToken, verify
from sandbox.shopify.issued_tokens import TokenRefused
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store
from sandbox.web import Refusal, Request, Response, json_response

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
SESSION = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
PATH = "/admin/oauth/access_token"


def answer(shopify: Shopify, store: Store, request: Request) -> Response:
    """Give a token. Raises Refusal."""
    form = request.form()
    known = (shopify.app.client_id, shopify.app.client_secret)
    given = (form.get("client_id", ""), form.get("client_secret", ""))
    if not store.installed or not all(
        hmac.compare_digest(mine.encode(), theirs.encode()) for mine, theirs in zip(known, given, strict=True)
    ):
        raise refuse("invalid_client")
    try:
        return json_response(200, _grant(shopify, store, form))
    except TokenRefused as refusal:
        raise refuse(str(refusal)) from refusal


def refuse(error: str, description: str = "") -> Refusal:
    """OAuth's error, to be raised."""
    return Refusal(json_response(400, {"error": error, "error_description": description or error}))


def _grant(shopify: Shopify, store: Store, form: Mapping[str, str]) -> dict[str, object]:
    scope = ",".join(store.rules.scopes)
    if form.get("grant_type") == "refresh_token":
        return shopify.tokens.refresh(store.domain, scope, form.get("refresh_token", ""))
    if form.get("grant_type") != EXCHANGE:
        raise refuse("unsupported_grant_type")
    expiring, subject = form.get("expiring") in ("1", "true", "True"), form.get("subject_token", "")
    if form.get("subject_token_type") == OFFLINE and expiring:
        return shopify.tokens.migrate(store.domain, scope, subject)
    if form.get("subject_token_type") != SESSION:
        raise refuse("invalid_request", "subject_token_type is not supported")
    return _exchange(shopify, store, scope, form, expiring=expiring)


def _exchange(
    shopify: Shopify, store: Store, scope: str, form: Mapping[str, str], *, expiring: bool
) -> dict[str, object]:
    try:
        claims = verify(shopify.app, store.domain, form.get("subject_token", ""), shopify.clock.now())
    except InvalidSessionToken:
        raise TokenRefused("invalid_subject_token") from None
    if form.get("requested_token_type") == ONLINE:
        return shopify.tokens.online(store.domain, scope, int(claims["sub"]))
    if form.get("requested_token_type") != OFFLINE:
        raise refuse("invalid_request", "requested_token_type is not supported")
    return shopify.tokens.exchange(store.domain, scope, expiring=expiring)
