"""A page of a few sentences; its policy lets the browser load nothing into it."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def page(request: HttpRequest, status: int, title: str, *sentences: str) -> HttpResponse:
    """The page with this title and these sentences, in the visitor's language."""
    response = _page(request, status, {"title": title, "sentences": sentences, "good": status == 200}, "'none'")
    # The address has a code in it.
    response["Referrer-Policy"] = "no-referrer"
    return response


def question(request: HttpRequest, title: str, *sentences: str, button: str, leads_to: str) -> HttpResponse:
    """The same with a button that sends its own address by POST; the answer may redirect to `leads_to` alone."""
    content = {"title": title, "sentences": sentences, "button": button}
    target = urlsplit(leads_to)
    # Browsers hold a form's redirects to this policy too.
    response = _page(request, 200, content, f"'self' {target.scheme}://{target.netloc}")
    # Its own origin must see where the form comes from; nobody else sees this address.
    response["Referrer-Policy"] = "same-origin"
    return response


def _page(request: HttpRequest, status: int, content: Mapping[str, object], form_action: str) -> HttpResponse:
    nonce = secrets.token_urlsafe(16)
    body = render_to_string("bling_sync/page.html", {**content, "nonce": nonce}, request)
    response = HttpResponse(body, status=status)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action {form_action};"
        " frame-ancestors 'none'"
    )
    return response
