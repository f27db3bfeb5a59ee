"""A request that came through Django: it waits in the thread that brought it."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from django.http import HttpResponse, UnreadablePostError

from . import body
from .answers import Reply
from .errors import IncompleteBody
from .limits import MAX_BODY_BYTES
from .web_request import Holds, WebRequest

T = TypeVar("T")
_PIECE_BYTES = 65_536


class ThreadRequest(WebRequest):
    """A request whose every wait blocks its thread."""

    __slots__ = ()

    async def body(self) -> bytes:
        """The whole body.

        Django takes a body without Content-Length (chunked, or HTTP/2) for an empty one, which here would reserve a
        unit that nobody asked for; this reads such a body from the server itself, which knows its end.
        """
        announced = body.announced(self.meta)
        if announced is None and not body.is_chunked(self.meta) and not self.meta.get("wsgi.input_terminated"):
            return b""
        try:
            sent = self._read(announced)
        except (UnreadablePostError, OSError) as error:
            raise IncompleteBody from error
        return body.whole(self.meta, announced, sent)

    def _read(self, announced: int | None) -> bytes:
        """The body; of one that is too long what is kept of it, which may be nothing."""
        # Not `request.body`, which takes three times as long and keeps what nobody reads again.
        source, sent = self.meta["wsgi.input"], b""
        if announced is None or announced <= MAX_BODY_BYTES:
            # One byte more than the limit tells a body of just that size from one that goes on.
            sent = source.read(body.MOST_READ if announced is None else announced)
        left = body.left_to_hear(announced, len(sent))
        while left > 0 and (piece := source.read(min(left, _PIECE_BYTES))):
            left -= len(piece)
        return sent

    async def ask(self, question: Callable[[], T]) -> T:
        """Ask at once."""
        return question()

    async def submit(self, verb: Callable[..., Holds]) -> Holds:
        """Call the verb, which waits here."""
        return verb()


def run(steps: Coroutine[Any, Any, T]) -> T:
    """What the steps of a request in a thread come to. Raises what they raise."""
    try:
        steps.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("a request in a thread waited outside it")


def as_response(reply: Reply) -> HttpResponse:
    """The reply on its way through Django."""
    response = HttpResponse(reply.body, status=reply.status, headers=reply.headers)
    # Django logs a line for every answer from 400 up: a sold-out SKU would cost more in log lines than in work.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
