"""A limit for the whole of an exchange: the usual timeouts begin anew with every byte that arrives.

A server that sends a header now and then would otherwise keep a worker for hours, while the lease or the slot that it
works under runs out. When the time is over the socket is shut, which ends whatever reads it.
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
    """The time of one exchange, and the socket to be shut at its end."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._over = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def watch(self, used: socket.socket | None) -> None:
        """This socket is waited for now. Raises requests.ReadTimeout when the time is over."""
        with self._lock:
            self._socket = used
        self.check()

    def check(self) -> None:
        """Raises requests.ReadTimeout when the time was over: what was read may be less than what was sent."""
        with self._lock:
            if self._over:
                raise requests.ReadTimeout("the answer has no end")

    def start(self) -> None:
        """The time runs."""
        self._timer.start()

    def stop(self) -> None:
        """The answer was read; the socket may be used again."""
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def _end(self) -> None:
        with self._lock:
            self._over = True
            if self._socket is not None:
                # The plain socket's own: that of TLS would take the encryption away from who reads at this moment.
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _OfThisThread(threading.local):
    limit: Limit | None = None


_this_thread = _OfThisThread()


@contextmanager
def within(seconds: float) -> Iterator[Limit]:
    """Bound what this thread exchanges inside, through a session with :class:`Adapter`."""
    limit = _this_thread.limit = Limit(seconds)
    limit.start()
    try:
        yield limit
    finally:
        _this_thread.limit = None
        limit.stop()


class _Watched:
    """Tells the limit which socket is waited for, before the answer's first byte."""

    sock: socket.socket | None

    def getresponse(self) -> Any:
        """The answer's head."""
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
