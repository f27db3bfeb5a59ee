"""A visit: one proven request of a merchant's browser, and the ways to answer it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now

from reservations.models import Shop
from reservations.shopify.access.session_token import SessionToken

from . import menu

# A live list names here the one part of the page that it wants.
PART_HEADER = "HTTP_BAZICO_PART"


@dataclass(frozen=True, slots=True)
class Visit:
    """A person of a shop and their request. The session token proved both person and shop."""

    request: HttpRequest
    shop: Shop
    session: SessionToken

    @property
    def sends(self) -> bool:
        """Whether the visitor sends a form."""
        return self.request.method == "POST"

    @property
    def part(self) -> str:
        """The part of the page that a live list asks for; empty for the whole page."""
        return str(self.request.META.get(PART_HEADER, ""))

    @property
    def actor(self) -> str:
        """The visitor as the ledger names them, by their number among the shop's staff at Shopify."""
        return f"shopify:{self.session.user_id}"

    def page(self, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        """A whole page."""
        frame = {
            "api_key": settings.SHOPIFY_API_KEY,
            "app_bridge": settings.APP_BRIDGE_URL,
            "polaris": settings.POLARIS_URL,
            "language": translation.get_language(),
            "navigation": menu.entries(self.shop),
            "now": now(),
            "shop": self.shop,
        }
        return HttpResponse(render_to_string(template, {**frame, **context}, self.request), status=status)

    def fragment(self, template: str, context: Mapping[str, object]) -> HttpResponse:
        """One part of a page; 304 where the browser has it already."""
        body = render_to_string(template, {"shop": self.shop, "now": now(), **context}, self.request).encode()
        # A tag of the content: a poll whose part has not changed brings no body.
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        same = self.request.META.get("HTTP_IF_NONE_MATCH") == tag
        response = HttpResponseNotModified() if same else HttpResponse(body)
        response["ETag"] = tag
        return response

    def done(self, message: str, *, go: str = "") -> HttpResponse:
        """Say in passing what was done, then open the page `go`, or refresh the open one."""
        return JsonResponse({"message": message, "go": go})
