"""A load generator for machines without wrk, a process of its own: raw sockets, one request at a time on each.

It replays the same files as ``replay.lua`` and prints the same line. It takes more processor time than wrk, which a
measurement on few cores feels: install wrk for figures to keep.
"""

import argparse
import asyncio
import json
import signal
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_RESERVATION = b'"reservation_id":'
RESERVATION_ID_LENGTH = 36


@dataclass
class Tally:
    """What came back so far."""

    latencies: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    lost: int = 0

    def line(self, seconds: float) -> str:
        """The tally as one line of JSON; latencies in milliseconds."""
        ordered = sorted(self.latencies)
        figures = {f"p{percent}_ms": round(1_000 * percentile(ordered, percent), 3) for percent in (50, 90, 99)}
        counted = {"requests": len(ordered), "seconds": seconds, **figures}
        return json.dumps({**counted, "socket_errors": self.lost, "answers": dict(self.answers)})


@dataclass
class Script:
    """Gives the next request: a file's in turn and, if wanted, a confirm after each reservation."""

    head: str
    lines: list[tuple[str, str]]
    confirms: bool
    held: deque[bytes] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._requests = cycle([self.request(path, body.encode()) for path, body in self.lines])

    def request(self, path: str, body: bytes) -> bytes:
        """The bytes of a POST."""
        return f"POST {path} HTTP/1.1\r\n{self.head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def following(self) -> bytes:
        """The next request."""
        if self.held:
            return self.request("/stock/confirm", b'{"reservation_id":"' + self.held.popleft() + b'"}')
        return next(self._requests)

    def learn(self, status: str, body: bytes) -> None:
        """Take note of a reservation that waits for its confirm."""
        if self.confirms and status == "200" and b'"confirmed"' not in body:
            start = body.index(b'"', body.index(_RESERVATION) + len(_RESERVATION)) + 1
            self.held.append(body[start : start + RESERVATION_ID_LENGTH])


class Buyer(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends again."""

    def __init__(self, script: Script, tally: Tally, lost: Callable[[], None]) -> None:
        self._script, self._tally, self._lost = script, tally, lost
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count a whole answer and send the next request."""
        self._buffer += data
        found = parse(self._buffer)
        if found is None:
            return
        status, body = found
        self._tally.latencies.append(time.perf_counter() - self._sent_at)
        self._tally.answers[status] += 1
        self._script.learn(status, body)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that hangs up has left a request without its answer."""
        self._lost()

    def _send(self) -> None:
        self._buffer = b""
        self._sent_at = time.perf_counter()
        self._transport.write(self._script.following())


def parse(received: bytes) -> tuple[str, bytes] | None:
    """The status and the body of a whole answer, or None while some of it is missing."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None
    lowered = head.lower()
    if b"\r\ntransfer-encoding: chunked" in lowered:
        return (_status(head), body) if body.endswith(b"0\r\n\r\n") else None
    mark = b"\r\ncontent-length:"
    length = int(lowered.partition(mark)[2].partition(b"\r\n")[0] or 0)
    return (_status(head), body) if len(body) >= length else None


def percentile(ordered: list[float], percent: int) -> float:
    """The value below which `percent` of these sorted ones lie; 0 of none."""
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0


async def replay(host: str, port: int, script: Script, connections: int, seconds: float) -> str:
    """Keep that many requests under way until the time is over or SIGINT comes; return the tally's line."""
    tally, over = Tally(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, over.set)
    loop.call_later(seconds, over.set)

    def lost() -> None:
        if not over.is_set():
            tally.lost += 1

    started = time.perf_counter()
    opening = [loop.create_connection(lambda: Buyer(script, tally, lost), host, port) for _ in range(connections)]
    opened: list[Any] = await asyncio.gather(*opening, return_exceptions=True)
    tally.lost += sum(isinstance(one, OSError) for one in opened)
    if tally.lost >= connections:
        raise SystemExit(f"unable to connect to {host}:{port}")
    await over.wait()
    line = tally.line(time.perf_counter() - started)
    for one in opened:
        if not isinstance(one, BaseException):
            one[0].abort()
    return line


def main() -> None:
    """Read the arguments, say `ready`, replay, and print the tally."""
    parser = argparse.ArgumentParser(prog="python -m bench.generator")
    parser.add_argument("-c", type=int, required=True, help="connections")
    parser.add_argument("-d", type=float, required=True, help="seconds at the most")
    parser.add_argument("-H", action="append", default=[], help="header")
    parser.add_argument("url")
    parser.add_argument("requests", type=Path)
    parser.add_argument("mode", choices=("once", "pairs"))
    asked = parser.parse_args()
    to = urlsplit(asked.url)
    head = "".join(f"{header}\r\n" for header in [f"Host: {to.netloc}", *asked.H])
    lines = [line.partition("\t")[::2] for line in asked.requests.read_text().splitlines()]
    script = Script(head, lines, asked.mode == "pairs")
    print("ready", flush=True)
    print(asyncio.run(replay(to.hostname or "127.0.0.1", to.port or 80, script, asked.c, asked.d)))


def _status(head: bytes) -> str:
    return head.split(b" ", 2)[1].decode()


if __name__ == "__main__":
    main()
