"""A limit for a whole HTTP exchange, since the usual timeouts begin anew with every byte that arrives.

Without it a server that sends a header now and then keeps a worker for hours, while the lease or the slot that it works
under runs out. When the time is over we shut the socket, which ends whatever reads from it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Limit:
    """The time of one exchange, and the socket to shut when it is over."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._over = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def watch(self, used: socket.socket | None) -> None:
        """Shut `used` when the time is over. Raises requests.ReadTimeout when it is over already."""
        with self._lock:
            self._socket = used
        self.check()

    def check(self) -> None:
        """Raise requests.ReadTimeout when the time was over: we may have read less than the server sent."""
        with self._lock:
            if self._over:
                raise requests.ReadTimeout("the answer has no end")

    def start(self) -> None:
        """Let the time run."""
        self._timer.start()

    def stop(self) -> None:
        """End the watch: the answer was read, and others may use the socket again."""
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def _end(self) -> None:
        with self._lock:
            self._over = True
            if self._socket is not None:
                # The plain socket's own shutdown: that of the TLS socket would drop the encryption under the reader.
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _OfThisThread(threading.local):
    limit: Limit | None = None


_this_thread = _OfThisThread()


@contextmanager
def within(seconds: float) -> Iterator[Limit]:
    """Bound this thread's exchange inside, which must use a session with :class:`Adapter`."""
    limit = _this_thread.limit = Limit(seconds)
    limit.start()
    try:
        yield limit
    finally:
        _this_thread.limit = None
        limit.stop()


class _Watched:
    """Names its socket to the limit before it waits for the answer's first byte."""

    sock: socket.socket | None

    def getresponse(self) -> Any:
        """Read the answer's head, under the limit."""
        if _this_thread.limit is not None:
            _this_thread.limit.watch(self.sock)
        return super().getresponse()  # type: ignore[misc]  # what stands beside it has it


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class Adapter(HTTPAdapter):
    """Sends through connections that keep to the limit."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
