"""The language a merchant reads: their choice, else that of Shopify's admin, else Portuguese."""

from django.http import HttpRequest

from reservations.models import Shop

PORTUGUESE, ENGLISH = "pt-br", "en"
# The script sends along what App Bridge knows; Shopify's first address of the page has it as a parameter.
LOCALE_HEADER = "HTTP_BAZICO_LOCALE"


def language_of(request: HttpRequest, shop: Shop | None) -> str:
    """`pt-br` or `en`."""
    if shop is not None and shop.language:
        return shop.language
    asked = request.META.get(LOCALE_HEADER) or request.GET.get("locale") or ""
    if not asked:
        return PORTUGUESE
    return PORTUGUESE if str(asked).lower().startswith("pt") else ENGLISH
