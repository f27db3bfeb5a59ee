"""The session token of a request: in ``Authorization`` when a script asks, else in ``id_token``."""

from django.http import HttpRequest

from reservations.shopify.access.session_token import InvalidSessionToken, SessionToken, verify

_SCHEME = "Bearer "


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script asks: App Bridge puts the token into the header of each of its requests."""
    return str(request.META.get("HTTP_AUTHORIZATION", "")).startswith(_SCHEME)


def session_of(request: HttpRequest) -> SessionToken | None:
    """The session that the request proves, None when it proves none."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    text = header.removeprefix(_SCHEME) if is_fetch(request) else request.GET.get("id_token", "")
    try:
        return verify(text)
    except InvalidSessionToken:
        return None
