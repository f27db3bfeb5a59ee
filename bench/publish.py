"""Writes a run's figures into the documentation, so that no figure there was ever typed by hand."""

from basico_stock.environment import REPOSITORY
from bench import findings, plot
from bench.findings import Findings

PAGE = REPOSITORY / "docs" / "benchmarks.md"
PICTURE = REPOSITORY / "docs" / "images" / "throughput.png"
BEGIN = "<!-- figures: python -m bench --publish -->"
END = "<!-- end of figures -->"


def publish(found: Findings) -> None:
    """Draw the picture anew, and put the figures between the page's two marks."""
    plot.draw(found.results, PICTURE)
    PAGE.write_text(with_figures(PAGE.read_text(), findings.text(found)))


def with_figures(page: str, figures: str) -> str:
    """`page` with `figures` between its marks. Raises ValueError where a mark is missing."""
    before, rest = page[: page.index(BEGIN)], page[page.index(END) :]
    return f"{before}{BEGIN}\n```text\n{figures}\n```\n{rest}"
