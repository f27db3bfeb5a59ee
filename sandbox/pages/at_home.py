"""Who may use the sandbox's pages: a browser on this machine, and no page but their own."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox.permission import NotASandbox, require

View = Callable[..., HttpResponse]


def at_home(view: View) -> View:
    """Answer this machine's own addresses only. A name that leads here from elsewhere would share their origin."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments: object) -> HttpResponse:
        try:
            require()
        except NotASandbox as refusal:
            return JsonResponse({"code": "not_a_sandbox", "detail": str(refusal)}, status=404)
        if _is_own(request.get_host()):
            return view(request, **arguments)
        return JsonResponse({"code": "not_this_machine", "detail": "Open the sandbox at 127.0.0.1."}, status=403)

    return answer


def own_page_only(view: View) -> View:
    """Answer scripts of the sandbox's own pages only: another site's page cannot press the buttons here."""

    @csrf_exempt
    @at_home
    @wraps(view)
    def answer(request: HttpRequest, **arguments: object) -> HttpResponse:
        if _same_origin(request):
            return view(request, **arguments)
        detail = "Only the sandbox's own pages may ask this."
        return JsonResponse({"code": "other_origin", "detail": detail}, status=403)

    return answer


def _is_own(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    known = {"127.0.0.1", "::1", "localhost", urlsplit(settings.PUBLIC_URL).hostname}
    return name in known or name.endswith(".localhost")


def _same_origin(request: HttpRequest) -> bool:
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    # A browser without that header names the origin of everything but a plain GET.
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
