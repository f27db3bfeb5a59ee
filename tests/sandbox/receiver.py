"""A real HTTP server that keeps what it receives, and answers as a test says."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.web import Request, Response, Server
from tests.support.patience import wait_until


class Receiver:
    """What arrived, in order; it answers `statuses` one after the other, then 200."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.statuses: list[int] = []
        self.url = ""

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(self.statuses.pop(0) if self.statuses else 200, b"{}", {"Set-Cookie": "a=b", "X-Own": "kept"})

    def wait_for(self, count: int) -> list[Request]:
        """Wait for `count` requests and return them; fails if they do not come."""
        wait_until(lambda: len(self.requests) >= count, f"{count} requests came")
        return self.requests


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens while the block runs."""
    mine = Receiver()
    with Server(mine) as server:
        mine.url = server.url
        yield mine
