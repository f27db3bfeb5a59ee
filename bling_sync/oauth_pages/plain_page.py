"""A page of a few sentences; its policy lets the browser load nothing into it."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def page(request: HttpRequest, status: int, title: str, *sentences: str) -> HttpResponse:
    """The page with this title and these sentences, in the visitor's language."""
    nonce = secrets.token_urlsafe(16)
    content = {"title": title, "sentences": sentences, "nonce": nonce, "good": status == 200}
    response = HttpResponse(render_to_string("bling_sync/page.html", content, request), status=status)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    # The address has a code in it.
    response["Referrer-Policy"] = "no-referrer"
    return response
