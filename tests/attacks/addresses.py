"""Every address that the service answers, its blanks filled with what a stranger may know of a shop."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver

# Addresses for operators, who see all shops, and those of a laptop, which production lacks.
NOT_FOR_SHOPS = ("admin/", "sandbox/")
# They tell nothing of any shop, whoever asks.
OPEN = {"healthz", "readyz", "metrics", "api/schema", "api/docs", "app/session-token"}
_BLANK = re.compile(r"<(?:\w+:)?(\w+)>")


def all_addresses() -> list[str]:
    """The patterns of the project, such as ``stock/<sku:sku>``."""
    return [known for known in _walk("", get_resolver().url_patterns) if not known.startswith(NOT_FOR_SHOPS)]


def _walk(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for known in patterns:
        address = prefix + str(known.pattern)
        if isinstance(known, URLResolver):
            yield from _walk(address, known.url_patterns)
        else:
            yield address


def filled_in(pattern: str, names: Mapping[str, object]) -> str:
    """The address for these `names`: by blank, or ``stock:pk`` for the ``pk`` that follows ``stock/``.

    Raises KeyError for a blank that nobody thought of yet.
    """

    def name(blank: re.Match[str]) -> str:
        before = pattern[: blank.start()].rstrip("/").rpartition("/")[2]
        return str(names.get(f"{before}:{blank[1]}") or names[blank[1]])

    return "/" + _BLANK.sub(name, pattern.replace("^", "").replace("/?$", ""))
