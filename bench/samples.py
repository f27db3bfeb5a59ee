"""Samples and their medians."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from bench.counters import Reading
from bench.load import Load
from bench.plan import Point


@dataclass(frozen=True)
class Sample:
    """One load on one server, and what it cost."""

    load: Load
    cost: Reading

    def __str__(self) -> str:
        return f"{self.rate:>7,.0f}/s  p50 {self.load.p50_ms:>7.2f} ms  p99 {self.load.p99_ms:>8.2f} ms"

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.load.requests / self.load.seconds

    @property
    def spread(self) -> float:
        """The 99th percentile of the latencies over their median."""
        return self.load.p99_ms / max(self.load.p50_ms, 1e-6)

    def per_request(self, amount: float) -> float:
        """`amount` for each answer."""
        return amount / max(self.load.requests, 1)


@dataclass
class Result:
    """All samples of one point; its figures are medians over them."""

    point: Point
    samples: list[Sample] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self._median(lambda sample: sample.rate)

    @property
    def p50_ms(self) -> float:
        """Median latency in milliseconds."""
        return self._median(lambda sample: sample.load.p50_ms)

    @property
    def p99_ms(self) -> float:
        """99th percentile of the latencies in milliseconds."""
        return self._median(lambda sample: sample.load.p99_ms)

    @property
    def spread(self) -> float:
        """p99 over p50."""
        return self._median(lambda sample: sample.spread)

    @property
    def server_cpu_ms(self) -> float:
        """Processor time of the server's processes for each answer, in milliseconds."""
        return self._median(lambda sample: 1000 * sample.per_request(sample.cost.server_cpu))

    @property
    def database_cpu_ms(self) -> float:
        """Processor time of PostgreSQL for each answer, in milliseconds."""
        return self._median(lambda sample: 1000 * sample.per_request(sample.cost.database_cpu))

    @property
    def transactions(self) -> float:
        """Transactions that wrote, for each answer."""
        return self._median(lambda sample: sample.per_request(sample.cost.transactions))

    @property
    def wal_bytes(self) -> float:
        """Bytes of WAL for each answer."""
        return self._median(lambda sample: sample.per_request(sample.cost.wal_bytes))

    @property
    def batch(self) -> float:
        """Requests that one transaction carried."""
        return self._median(lambda sample: sample.cost.batched / max(sample.cost.batches, 1))

    @property
    def unexpected(self) -> int:
        """Answers of all samples other than the expected one, lost connections among them."""
        return sum(
            sample.load.requests - sample.load.answers.get(self.point.case.expected, 0) + sample.load.socket_errors
            for sample in self.samples
        )

    def as_json(self) -> dict[str, object]:
        """The medians, and every sample."""
        names = ("rate", "p50_ms", "p99_ms", "server_cpu_ms", "database_cpu_ms", "transactions", "wal_bytes", "batch")
        return {
            "point": self.point.key,
            "case": self.point.case.title,
            "server": self.point.server,
            "connections": self.point.connections,
            "unexpected": self.unexpected,
            **{name: getattr(self, name) for name in names},
            "samples": [asdict(sample) | {"rate": sample.rate} for sample in self.samples],
        }

    def _median(self, figure: Callable[[Sample], float]) -> float:
        return median(_values(self.samples, figure))


def _values(samples: Sequence[Sample], figure: Callable[[Sample], float]) -> list[float]:
    return [figure(sample) for sample in samples] or [0.0]
