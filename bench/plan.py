"""The points of a round, in order. Every round takes each once, so that slow drift touches all alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.cases import CASES, EMPTY, Case
from bench.servers import KINDS

# The figures that goals are judged by, and those that only draw a curve.
LONG_SECONDS = 2.0
SHORT_SECONDS = 1.0
# At 256 connections a slow server needs longer than a second to answer each once.
SLOW_SECONDS = 1.6
QUICK_SECONDS = 0.6
CURVE = (1, 8, 64, 256)


@dataclass(frozen=True)
class Point:
    """A case on a server with so many connections, for so many seconds a round."""

    case: Case
    server: str
    connections: int
    seconds: float

    @property
    def key(self) -> str:
        """The point's name, as goals and the JSON file have it."""
        return f"{self.case.name}/{self.server}/{self.connections}"


@dataclass(frozen=True)
class Plan:
    """The points of each round, and how many reservations in a transaction pgbench tries."""

    points: list[Point]
    alone: tuple[int, ...] = ()


def full() -> Plan:
    """Everything."""
    return Plan(_once([*_main(LONG_SECONDS), *_curves()]), alone=(1, 32))


def quick(seconds: float = QUICK_SECONDS) -> Plan:
    """The goals and no curves."""
    return Plan(_once(_main(seconds)), alone=(1,))


def only(cases: Iterable[str], connections: int, seconds: float, servers: Iterable[str] = ()) -> Plan:
    """These cases at so many connections, with what each is compared with; or on these servers alone."""
    compared = {"hot": ("service", "a", "b", "c"), "sold-out": ("service", "b", "c"), "spread": ("service", "a")}
    return Plan(
        _once(
            _point(name, server, connections, seconds)
            for name in cases
            for server in servers or compared.get(name, ("service",))
        )
    )


def servers_of(points: Iterable[Point]) -> list[str]:
    """The servers that these points need."""
    return [name for name in KINDS if name in {point.server for point in points}]


def _main(seconds: float) -> list[Point]:
    return [
        *(_point("hot", server, 32, seconds) for server in ("service", "a", "b", "c")),
        _point("hot", "service", 256, seconds),
        *(_point("sold-out", server, 32, seconds) for server in ("service", "b")),
        *(_point("spread", server, 32, seconds) for server in ("service", "a")),
        *(_point("hot", server, 1, seconds) for server in ("service", "single")),
        _point("hot", "service", 64, seconds),
        *(_point(name, "service", 32, seconds) for name in ("cart", "pairs", "lines", "dying")),
    ]


def _curves() -> list[Point]:
    curves = [("hot", "service"), ("hot", "a"), ("hot", "b"), ("hot", "c"), ("sold-out", "service")]
    return [
        _point(case, server, connections, SLOW_SECONDS if connections > 64 else SHORT_SECONDS)
        for case, server in [*curves, ("spread", "service")]
        for connections in CURVE
    ]


def _point(case: str, server: str, connections: int, seconds: float) -> Point:
    # The empty view answers one address, whatever it is compared with.
    return Point(EMPTY if server == "c" else CASES[case], server, connections, seconds)


def _once(points: Iterable[Point]) -> list[Point]:
    """Without the points that are there already; those that are compared stay next to each other."""
    unique: dict[str, Point] = {}
    for point in points:
        unique.setdefault(point.key, point)
    return list(unique.values())
