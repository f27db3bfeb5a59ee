"""`/sandbox/admin/`: the app's page in a frame, as Shopify's admin shows it, with a stand-in for App Bridge."""

import base64
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from reservations.demo_shop import DEMO_DOMAIN

from .at_home import at_home, own_page_only
from .look import PORTUGUESE, language_of, show

APP = "/app/"


@at_home
def admin(request: HttpRequest) -> HttpResponse:
    """The admin of `?shop=` (the demo shop), open at `?path=` (the app's first page)."""
    shop = request.GET.get("shop", DEMO_DOMAIN)
    path = request.GET.get("path", APP)
    if not path.startswith(APP):
        path = APP
    frame = f"{path}{'&' if '?' in path else '?'}{urlencode(_opening(request, shop))}"
    return show(request, "sandbox/admin.html", "admin", shop=shop, frame=frame)


@own_page_only
def session_token(request: HttpRequest) -> HttpResponse:
    """A session token of `?shop=`, as Shopify's admin hands them to App Bridge."""
    token = token_of(request.GET.get("shop") or DEMO_DOMAIN)
    return JsonResponse({"token": token}, headers={"Cache-Control": "no-store"})


def _opening(request: HttpRequest, shop: str) -> dict[str, str]:
    """What Shopify's admin says when it opens an app."""
    host = base64.urlsafe_b64encode(f"admin.shopify.com/store/{shop.partition('.')[0]}".encode()).decode()
    locale = "pt-BR" if language_of(request) == PORTUGUESE else "en"
    return {"embedded": "1", "shop": shop, "host": host.rstrip("="), "locale": locale, "id_token": token_of(shop)}


def token_of(shop: str) -> str:
    """A session token of the shop, signed with this app's secret."""
    # Here, because the stand-in brings a GraphQL server along, for which each web process would wait at its start.
    from sandbox.shopify import admin_sessions
    from sandbox.shopify.registration import Registration

    app = Registration(settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET)
    return admin_sessions.sign(app, shop)
