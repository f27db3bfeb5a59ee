"""The headers that say which site may frame a page, and what the page may load."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

ADMIN = "https://admin.shopify.com"
CDN = "https://cdn.shopify.com"


def framed_by(response: HttpResponse, domain: str | None) -> HttpResponse:
    """Let the shop `domain`, which must be checked, and Shopify's admin frame this page; nothing may be cached."""
    ancestors = f"https://{domain} {ADMIN}" if domain else ADMIN
    if settings.SANDBOX:
        # The sandbox's own page plays Shopify's admin.
        ancestors = f"'self' {ancestors}"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' {CDN}; style-src 'self' {CDN} 'unsafe-inline'; font-src {CDN}; "
        f"img-src 'self' {CDN} data:; connect-src 'self' {CDN} {ADMIN}; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors};"
    )
    scripts = [
        f'<{address}>; rel="preload"; as="script"' for address in (settings.APP_BRIDGE_URL, settings.POLARIS_URL)
    ]
    hosts = [f'<{CDN}>; rel="preconnect"'] if urlsplit(settings.APP_BRIDGE_URL).netloc else []
    response["Link"] = ", ".join([*hosts, *scripts])
    response["Cache-Control"] = "no-store"
    # Django's middleware would put DENY here; the policy above says it better.
    response.xframe_options_exempt = True
    return response
