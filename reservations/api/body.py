"""The bytes of a request: at most 64 KiB, all of them, and JSON."""

from typing import Any

from django.http import HttpRequest, UnreadablePostError

from . import strict_json
from .errors import BadRequest, BodyTooLarge, IncompleteBody, UnsupportedMediaType
from .limits import MAX_BODY_BYTES

# Who is still sending when the answer comes sees a broken connection and no answer. So we hear a body out that is too
# long but no longer than this.
HEARD_OUT_BYTES = 1_048_576
_PIECE_BYTES = 65_536
# Twelve digits are already beyond the limit; a length of thousands would cost time to read and change nothing.
_LENGTH_DIGITS = 12


def read(request: HttpRequest) -> bytes:
    """The whole body. Raises BodyTooLarge, IncompleteBody or BadRequest.

    Django takes a body without Content-Length (chunked, or HTTP/2) for an empty one, which here would reserve a unit
    that nobody asked for; this reads such a body from the server itself, which knows its end.
    """
    announced = request.META.get("CONTENT_LENGTH")
    try:
        return _of_length(request, announced) if announced else _until_its_end(request)
    except (UnreadablePostError, OSError) as error:
        raise IncompleteBody from error


def _of_length(request: HttpRequest, announced: str) -> bytes:
    if not (announced.isascii() and announced.isdigit()):
        raise BadRequest
    length = int(announced[:_LENGTH_DIGITS])
    if length > MAX_BODY_BYTES:
        if length <= HEARD_OUT_BYTES:
            _hear_out(request, length)
        raise BodyTooLarge
    # Not `request.body`, which takes three times as long and keeps what nobody reads again.
    body: bytes = request.META["wsgi.input"].read(length)
    if len(body) != length:
        raise IncompleteBody
    return body


def _until_its_end(request: HttpRequest) -> bytes:
    chunked = "HTTP_TRANSFER_ENCODING" in request.META
    if not chunked and not request.META.get("wsgi.input_terminated"):
        return b""
    # One byte more than the limit tells a body of just that size from one that goes on.
    body: bytes = request.META["wsgi.input"].read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        _hear_out(request, HEARD_OUT_BYTES - len(body))
        raise BodyTooLarge
    if chunked and not body:
        raise IncompleteBody
    return body


def _hear_out(request: HttpRequest, length: int) -> None:
    """Read so many bytes of a body that is refused anyway, or what there is of them, and keep none."""
    while length > 0 and (piece := request.META["wsgi.input"].read(min(length, _PIECE_BYTES))):
        length -= len(piece)


def parse(request: HttpRequest, body: bytes) -> Any:
    """The JSON value of `body`; an empty body is an empty object.

    Raises UnsupportedMediaType and what :func:`strict_json.loads` raises.
    """
    if not body:
        return {}
    # Nearly every caller spells it so; only the others pay for parsing the header.
    if request.META.get("CONTENT_TYPE") != "application/json":
        _check_media_type(request)
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedMediaType
    return strict_json.loads(body)


def _check_media_type(request: HttpRequest) -> None:
    media_type, *parameters = request.META.get("CONTENT_TYPE", "").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = {value.strip(' "') for name, _, value in pairs if name.strip() == "charset"}
    if media_type.strip() != "application/json" or charsets - {"utf-8", "utf8"}:
        raise UnsupportedMediaType
