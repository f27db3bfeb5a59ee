"""``POST /shopify/webhooks``: signed, kept, answered.

401 comes before anything else, for any method and any body: Shopify's reviewers send unsigned requests and expect it.
We check the signature over the raw bytes before anything parses them, and do nothing here but one INSERT.
"""

import logging

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from plumbing.whole_number import whole_number
from reservations.shopify.access import app
from reservations.shopify.access.shop_domain import shop_domain
from reservations.shopify.access.signatures import body_is_signed

from . import headers, inbox, kept_members
from .inbox_nudge import nudger

logger = logging.getLogger(__name__)

# Shopify's largest payloads, products of thousands of variants, are a few megabytes.
MOST_BYTES = 10 * 1_048_576
RETRY_AFTER_SECONDS = 5


@csrf_exempt
def webhooks(request: HttpRequest) -> HttpResponse:
    """Answer 401 unsigned, 405 not a POST, 400 without topic or shop, 503 not stored, else 200 with an empty body."""
    signature = headers.signature(request.META)
    # Also where nobody signed it: whoever is still sending when the answer comes sees a broken connection instead.
    body = _body(request)
    if body is None or not signature or not body_is_signed(body, signature, app.secrets()):
        return _unauthorized()
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    return _keep(headers.read_headers(request.META), body)


def _body(request: HttpRequest) -> bytes | None:
    """The raw bytes; None when there are too many or not all arrived. Django's own limit is meant for forms."""
    announced = whole_number(request.META.get("CONTENT_LENGTH") or "0", most=MOST_BYTES)
    if announced is None:
        return None
    # A chunked body has no length; the server knows its end.
    chunked = "HTTP_TRANSFER_ENCODING" in request.META
    try:
        source = request.META["wsgi.input"] if chunked else request
        body: bytes = source.read(MOST_BYTES + 1 if chunked else announced)
    except (UnreadablePostError, OSError):
        return None
    return body if len(body) <= MOST_BYTES else None


def _keep(said: headers.Headers, body: bytes) -> HttpResponse:
    payload, problem = None, ""
    try:
        whole = kept_members.load(body)
        payload = kept_members.slim(said.topic, whole)
        named = _shop_in(whole)
    except kept_members.NotAnObject as error:
        problem, named = f"the payload is no JSON object: {error}"[:500], None
    domain = said.domain or named
    if not said.topic or not domain:
        return HttpResponse(status=400)
    if named not in (None, domain):
        # The body is signed, the header is not: Shopify did not send this to the shop that the header names.
        logger.warning("a webhook of %s came in the name of %s", named, domain)
        return _unauthorized()
    try:
        shop_id = inbox.store_delivery(said, domain, body, payload, problem)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("a webhook of %s was not kept, Shopify sends it again: %s", domain, error)
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    if shop_id is not None:
        nudger.nudge(shop_id)
    return HttpResponse(status=200)


def _unauthorized() -> HttpResponse:
    response = HttpResponse(status=401)
    # Otherwise Django logs a line for each, and thousands of forgeries would fill the disk.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _shop_in(payload: dict[str, object]) -> str | None:
    """The shop that the signed body names, as some topics do; None when it names none, "" when that is no shop."""
    for member in ("myshopify_domain", "shop_domain"):
        if isinstance(text := payload.get(member), str):
            return shop_domain(text) or ""
    return None
