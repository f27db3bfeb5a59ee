"""Just enough of PostgreSQL's wire protocol to notice a COMMIT."""

from collections.abc import Iterator
from dataclasses import dataclass, field

_TYPE, _LENGTH = 1, 4


@dataclass
class Messages:
    """Cuts the bytes of one direction into whole messages."""

    # The first message of a client has no type byte.
    begins_untyped: bool
    rest: bytes = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take more bytes and yield the messages that are now whole, as (type, message). The rest waits."""
        self.rest += data
        while True:
            header = 0 if self.begins_untyped else _TYPE
            if len(self.rest) < header + _LENGTH:
                return
            end = header + int.from_bytes(self.rest[header : header + _LENGTH])
            if len(self.rest) < end:
                return
            message, self.rest = self.rest[:end], self.rest[end:]
            yield message[:header], message
            self.begins_untyped = False


@dataclass
class CommitSpotter:
    """Tells which message of a client asks for COMMIT, prepared or not."""

    statements: dict[bytes, bytes] = field(default_factory=dict)

    def asks_for_commit(self, kind: bytes, message: bytes) -> bool:
        """Whether this message makes the server commit."""
        body = message[_TYPE + _LENGTH :]
        if kind == b"P":
            name, sql, _ = body.split(b"\0", 2)
            self.statements[name] = sql
        elif kind == b"B":
            _, name, _ = body.split(b"\0", 2)
            return self.statements.get(name) == b"COMMIT"
        return kind == b"Q" and body.rstrip(b"\0") == b"COMMIT"


def says_committed(kind: bytes, message: bytes) -> bool:
    """Whether this message of the server confirms a COMMIT."""
    return kind == b"C" and message[_TYPE + _LENGTH :].rstrip(b"\0") == b"COMMIT"


def fatal_error(sqlstate: str, text: str) -> bytes:
    """The ErrorResponse with which a server ends a session."""
    fields = [b"SFATAL", b"VFATAL", b"C" + sqlstate.encode(), b"M" + text.encode(), b""]
    body = b"\0".join(fields) + b"\0"
    return b"E" + (len(body) + _LENGTH).to_bytes(_LENGTH) + body
