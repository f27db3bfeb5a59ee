"""Who may frame a page: the verified shop's admin, and nobody else."""

from django.http import HttpResponse

ADMIN = "https://admin.shopify.com"
CDN = "https://cdn.shopify.com"
APP_BRIDGE = f"{CDN}/shopifycloud/app-bridge.js"
POLARIS = f"{CDN}/shopifycloud/polaris.js"


def framed_by(response: HttpResponse, domain: str | None) -> HttpResponse:
    """Let the shop `domain`, which must be checked, and Shopify's admin frame this page; nothing may be cached."""
    ancestors = f"https://{domain} {ADMIN}" if domain else ADMIN
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {CDN}; style-src {CDN} 'unsafe-inline'; font-src {CDN}; "
        f"img-src {CDN} data:; connect-src 'self' {CDN} {ADMIN}; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors};"
    )
    response["Link"] = (
        f'<{CDN}>; rel="preconnect", <{APP_BRIDGE}>; rel="preload"; as="script", '
        f'<{POLARIS}>; rel="preload"; as="script"'
    )
    response["Cache-Control"] = "no-store"
    # Django's middleware would put DENY here; the policy above says it better.
    response.xframe_options_exempt = True
    return response
