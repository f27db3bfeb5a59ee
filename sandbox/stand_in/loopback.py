"""A stand-in that listens on loopback, in threads of this process."""

from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from sandbox import permission
from sandbox.stand_in.books import Books
from sandbox.stand_in.memory import Memory
from sandbox.stand_in.reception import Reception
from sandbox.stand_in.remote import Remote
from sandbox.web import Server

StandIn = TypeVar("StandIn", bound=Memory[Any])


class OnLoopback(Generic[StandIn]):
    """Answers at `url` and sends webhooks between `start` and `stop`; `control` commands it over HTTP."""

    def __init__(self, reception: Reception[StandIn], port: int = 0) -> None:
        """Take the port (0: any free one). Raises NotASandbox, OSError."""
        permission.require()
        self._reception = reception
        self._deliveries = reception.stand_in.deliveries
        self._server = Server(reception, port)
        self.url = self._server.url
        self.control = Remote(self.url)

    def keep_books(self, file: Path) -> None:
        """Go on from the books in `file`, if there are any, and keep them there from now on."""
        books = Books(file, self._reception.stand_in)
        books.resume()
        books.write()
        self._reception.books = books

    def start(self) -> None:
        """Begin to answer and to send webhooks."""
        self._deliveries.start()
        self._server.start()

    def stop(self) -> None:
        """End both."""
        self._server.stop()
        self._deliveries.stop()
        if self._reception.books is not None:
            self._reception.books.write()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()
