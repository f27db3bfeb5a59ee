"""Turn whatever goes wrong into a JSON answer: in a view, around the views, and in what Django itself refuses."""

import logging
from collections.abc import Mapping
from typing import Any

import psycopg
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from rest_framework.exceptions import APIException

from reservations.engine import Busy, EngineError, Unavailable

from .answers import Reply, send_refusal
from .errors import BadRequest, BodyTooLarge, Forbidden, IncompleteBody, InternalError, NotFound
from .language import language_of
from .thread_request import as_response

logger = logging.getLogger(__name__)

# Time ran out, or two transactions wanted the same rows: nothing is broken, and a retry will do.
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


def refusal_of(error: BaseException) -> EngineError | None:
    """The leaf of the tree for an exception that left a view, or None if it is a defect."""
    match error:
        case EngineError():
            return error
        case OperationalError() | InterfaceError():
            return Busy() if isinstance(error.__cause__, _BUSY) else Unavailable()
        case RequestDataTooBig():
            return BodyTooLarge()
        case UnreadablePostError():
            return IncompleteBody()
        case APIException():
            return {403: Forbidden, 404: NotFound}.get(error.status_code, BadRequest)()
    return None


def reply_to(error: BaseException, meta: Mapping[str, Any]) -> Reply | None:
    """The answer to a request that ended in this exception, None if that is a defect."""
    refusal = refusal_of(error)
    if refusal is None:
        return None
    # The caller's mistakes are the caller's to read; what the service could not do is the operator's.
    if refusal.status == 503:
        logger.warning("%s: %s", refusal.code, error.__cause__ or error)
    return send_refusal(refusal, language_of(meta.get("HTTP_ACCEPT_LANGUAGE")))


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The REST framework's hook. None leaves a defect to Django, which logs it and answers by `server_error`."""
    reply = reply_to(error, context["request"].META)
    return None if reply is None else as_response(reply)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400: a host that is not ours, a request that cannot be read."""
    return _send(request, (refusal_of(exception) if exception else None) or BadRequest())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return _send(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return _send(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, after the traceback was logged."""
    return _send(request, InternalError())


def refused(request: HttpRequest, refusal: EngineError) -> HttpResponse:
    """Answer with this refusal, in the caller's language."""
    return _send(request, refusal)


def _send(request: HttpRequest, refusal: EngineError) -> HttpResponse:
    return as_response(send_refusal(refusal, language_of(request.META.get("HTTP_ACCEPT_LANGUAGE"))))
