"""The GraphQL documents in ``queries/``: one operation a file, named like the file."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "queries"


@cache
def document(name: str) -> str:
    """The text of ``queries/<name>.graphql``."""
    return (FOLDER / f"{name}.graphql").read_text("utf-8")
