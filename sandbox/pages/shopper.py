"""Passes a shopper's requests on to Shopify's stand-in, which keeps the carts and the proxy."""

import requests
from django.http import HttpRequest, HttpResponse, JsonResponse

from . import stand_ins
from .at_home import own_page_only

COOKIE = "cart"
TIMEOUT_SECONDS = 30
# Addresses for documentation (RFC 5737): the app counts requests by shopper.
ADDRESSES = {"ana": "203.0.113.1", "beto": "203.0.113.2"}
PASSED = ("Content-Type", "Accept")


@own_page_only
def ask(request: HttpRequest, shopper: str, path: str) -> HttpResponse:
    """One request of the cart, the app proxy or the checkout, and its answer as it is."""
    root = f"/sandbox/loja/{shopper}/"
    headers = {name: request.headers[name] for name in PASSED if name in request.headers}
    cart = request.COOKIES.get(COOKIE, "")
    headers |= {"X-Forwarded-For": ADDRESSES[shopper], "Cookie": f"{COOKIE}={cart}"}
    try:
        told = requests.request(
            request.method or "GET",
            f"{stand_ins.storefront()}/{path}",
            params=request.GET.dict(),
            data=request.body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        return JsonResponse({"status": 502, "message": "Shopify's stand-in does not answer."}, status=502)
    answer = HttpResponse(told.content, status=told.status_code, content_type=told.headers.get("Content-Type"))
    if "Location" in told.headers:
        answer["Location"] = root + told.headers["Location"].lstrip("/")
    if COOKIE in told.cookies:
        answer.set_cookie(COOKIE, told.cookies[COOKIE], path=root, httponly=True, samesite="Lax")
    answer["Cache-Control"] = "no-store"
    return answer
