"""What the checkout's function costs, by lines and holds:

    python -m bench.guard

The instructions do not depend on the machine. Shopify's budget is 11 million for 200 lines, and ours 8.
"""

from .carts import matrix
from .quickjs import cost, engine

LINES = (3, 50, 100, 150, 200)
TABLES = (0, 500, 2_000)


def main() -> None:
    """Print a table in Markdown: for each kind of cart the millions for each number of lines, by holds in the table."""
    if engine() is None:
        raise SystemExit("pip install --require-hashes -r requirements-dev.txt")
    rows: dict[tuple[str, int], list[float]] = {}
    for kind, _, living, text in matrix(LINES, TABLES):
        rows.setdefault((kind, living), []).append(cost(text).total / 1e6)
    print(f"| cart | holds in the table | {' | '.join(f'{count} lines' for count in LINES)} |")
    print("|---|---|" + "---|" * len(LINES))
    for (kind, living), millions in rows.items():
        print(f"| {kind} | {living:,} | {' | '.join(f'{each:.2f}' for each in millions)} |")
    print(f"\nmost: {max(max(each) for each in rows.values()):.2f} million")


if __name__ == "__main__":
    main()
