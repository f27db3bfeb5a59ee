"""Throughput against connections, as a picture for the documentation."""

from collections.abc import Mapping
from pathlib import Path

from bench.samples import Result

# Series, label and style: full lines for this service, broken ones for the baselines.
_CURVES = (
    ("sold-out/service", "this service, sold-out SKU", "#2a9d8f", "-"),
    ("hot/service", "this service, one hot SKU", "#1d3557", "-"),
    ("spread/service", "this service, 10,000 SKUs at random", "#7a9cc6", "-"),
    ("empty/c", "(c) an empty DRF view, no work at all", "#8d99ae", "--"),
    ("hot/b", "(b) FastAPI, dict in memory, not durable", "#e76f51", "--"),
    ("hot/a", "(a) textbook DRF, select_for_update", "#9b2226", "--"),
)


def draw(results: Mapping[str, Result], target: Path) -> None:
    """Write the picture."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FixedLocator, NullLocator

    figure, axes = plt.subplots(figsize=(9, 5), dpi=120)
    seen: set[int] = set()
    for name, label, colour, style in _CURVES:
        points = sorted(_points(results, name))
        if points:
            seen |= {connections for connections, _ in points}
            axes.plot(*zip(*points, strict=True), style, label=label, color=colour, marker="o", linewidth=2)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(sorted(seen)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([str(connections) for connections in sorted(seen)])
    axes.set(xlabel="connections", ylabel="answers a second", ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize=8)
    figure.tight_layout()
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target)
    plt.close(figure)


def _points(results: Mapping[str, Result], name: str) -> list[tuple[int, float]]:
    return [
        (result.point.connections, result.rate)
        for key, result in results.items()
        if key.rsplit("/", 1)[0] == name and result.samples
    ]
