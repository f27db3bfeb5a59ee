"""Links from a row to everything that has to do with it. Apps that know more of a row add theirs."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# The words and the address of each link.
Links = Callable[[Any], Iterable[tuple[object, str]]]

_known: dict[type[Model], list[Links]] = {}


def to(model: type[Model]) -> Callable[[Links], Links]:
    """Let the decorated function add links to the page of each row of `model`. They must cost few queries or none."""

    def add(links: Links) -> Links:
        _known.setdefault(model, []).append(links)
        return links

    return add


def links_of(row: Model) -> SafeString:
    """Every link of the row, in the order in which the apps were loaded."""
    found = [link for links in _known.get(type(row), ()) for link in links(row)]
    return format_html_join(" · ", '<a href="{1}">{0}</a>', found)
