"""The body of a request: at most 64 KiB, all of its bytes, and JSON whose members are those of its address."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import strict_json
from .errors import BadRequest, BodyTooLarge, IncompleteBody, UnsupportedMediaType
from .limits import MAX_BODY_BYTES
from .web_request import WebRequest

if TYPE_CHECKING:
    from .pipeline import StrictSerializer

# Who is still sending when the answer comes sees a broken connection and no answer. So we hear a body out that is too
# long but no longer than this.
HEARD_OUT_BYTES = 1_048_576
# More than any body may have, by one byte.
MOST_READ = MAX_BODY_BYTES + 1
# Twelve digits are already beyond the limit; a length of thousands would cost time to read and change nothing.
_LENGTH_DIGITS = 12

Meta = Mapping[str, Any]


async def members(request: WebRequest, serializer: "StrictSerializer") -> tuple[dict[str, Any], bytes]:
    """The members of the body, checked, and its bytes.

    Raises ApiError for a refused body, and Throttled for the cart that it names.
    """
    sent = await request.body()
    asked = serializer.validated(parse(request.meta, sent))
    limit = request.cart_limit
    if limit is not None and "cart_token" in asked:
        await request.ask(lambda: limit(request.caller, asked["cart_token"]))
    return asked, sent


def announced(meta: Meta) -> int | None:
    """How many bytes the head announces, None if it does not say. Raises BadRequest."""
    text = meta.get("CONTENT_LENGTH")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadRequest
    return int(text[:_LENGTH_DIGITS])


def left_to_hear(length: int | None, heard: int) -> int:
    """How many more bytes of a body that is too long to hear before it is refused; 0 where it is not too long."""
    if heard <= MAX_BODY_BYTES and (length is None or length <= MAX_BODY_BYTES):
        return 0
    whole = HEARD_OUT_BYTES if length is None else length
    return whole - heard if whole <= HEARD_OUT_BYTES else 0


def is_chunked(meta: Meta) -> bool:
    """Whether the body comes in chunks, the last of which tells its end."""
    return "HTTP_TRANSFER_ENCODING" in meta


def whole(meta: Meta, length: int | None, sent: bytes) -> bytes:
    """The body, if these bytes are all of it. Raises BodyTooLarge or IncompleteBody."""
    if len(sent) > MAX_BODY_BYTES or (length is not None and length > MAX_BODY_BYTES):
        raise BodyTooLarge
    if len(sent) != length if length is not None else is_chunked(meta) and not sent:
        raise IncompleteBody
    return sent


def parse(meta: Meta, sent: bytes) -> Any:
    """The JSON value of the body; an empty one is an empty object.

    Raises UnsupportedMediaType and what :func:`strict_json.loads` raises.
    """
    if not sent:
        return {}
    # Nearly every caller spells it so; only the others pay for parsing the header.
    if meta.get("CONTENT_TYPE") != "application/json":
        _check_media_type(meta)
    if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedMediaType
    return strict_json.loads(sent)


def _check_media_type(meta: Meta) -> None:
    media_type, *parameters = meta.get("CONTENT_TYPE", "").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = {value.strip(' "') for name, _, value in pairs if name.strip() == "charset"}
    if media_type.strip() != "application/json" or charsets - {"utf-8", "utf8"}:
        raise UnsupportedMediaType
