"""Every list as CSV: the rows of its filter, in a stream that stays small however many there are.

It reads rows in pages by their key: no cursor and no transaction stays open while a slow client reads. It leaves out
rows added after it began.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from .cells import cell

PAGE = 1_000
# Without it a spreadsheet takes UTF-8 for something else.
BYTE_ORDER_MARK = "\ufeff"
# What a list shows of the row that a key leads to.
_SHOWN_AS = {"shop": "shop__domain", "stock_item": "stock_item__sku"}


class _Line:
    """A file that hands back each line that the CSV writer writes."""

    def write(self, text: str) -> str:
        return text


def columns_of(model: type[Any], names: Sequence[str], extra: Sequence[str]) -> dict[str, str]:
    """The header and the lookup of each column: the model's own fields among `names`, in their order, then `extra`.

    Neither holds a field that the admin never shows (tokens, hashes).
    """
    fields = [field.name for field in model._meta.concrete_fields if field.name in {*names, *extra}]
    header = {"stock_item": "sku", "free": "available", "dead": "dead_holds", "subject": "about"}
    return {header.get(name, name): _SHOWN_AS.get(name, name) for name in dict.fromkeys([*fields, *extra])}


def as_csv(rows: QuerySet[Any], columns: dict[str, str], name: str) -> StreamingHttpResponse:
    """The rows as a download; the separator is the one that a spreadsheet in the reader's language expects."""
    separator = "," if get_language() == "en" else ";"
    response = StreamingHttpResponse(_lines(rows, columns, separator), content_type="text/csv; charset=utf-8")
    file = f"{name}-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(rows: QuerySet[Any], columns: dict[str, str], separator: str) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=separator)
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    for page in _pages(rows, list(columns.values())):
        yield "".join(writer.writerow([cell(value) for value in row[1:]]) for row in page)


def _pages(rows: QuerySet[Any], lookups: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as tuples of their key and these values, a page at a time, in the order of their keys."""
    last = rows.order_by("-pk").values_list("pk", flat=True).first()
    rows = rows.order_by("pk").filter(pk__lte=last) if last is not None else rows.none()
    page = list(rows.values_list("pk", *lookups)[:PAGE])
    while page:
        yield page
        page = list(rows.filter(pk__gt=page[-1][0]).values_list("pk", *lookups)[:PAGE]) if len(page) == PAGE else []
