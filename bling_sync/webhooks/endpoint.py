"""`POST /bling/webhooks`: a caller that does not prove to be Bling learns nothing, not even the methods."""

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from . import event_inbox
from .signature import HEADER, is_genuine

_RETRY_SECONDS = "30"


@csrf_exempt
def webhooks(request: HttpRequest) -> HttpResponse:
    """Store an event by its id and say so at once; a worker finds out later what it means."""
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        body = b""
    if not is_genuine(body, request.headers.get(HEADER)):
        return JsonResponse({"code": "invalid_signature", "detail": "The signature is missing or wrong."}, status=401)
    if request.method != "POST":
        return JsonResponse({"code": "method_not_allowed", "detail": "POST only."}, status=405)
    event = event_inbox.parse(body)
    if event is None:
        # Genuine and of no use: 200, because sending it again would not help.
        return JsonResponse({"stored": False})
    try:
        return JsonResponse({"stored": event_inbox.store(event)})
    except (DatabaseError, InterfaceError):
        answer = JsonResponse({"code": "unavailable", "detail": "Try again later."}, status=503)
        answer["Retry-After"] = _RETRY_SECONDS
        return answer
