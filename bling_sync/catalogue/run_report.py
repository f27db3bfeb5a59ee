"""A run in words and in CSV."""

import csv
from collections.abc import Iterator
from typing import TextIO

from django.db.models import Count, F

from bling_sync.models import ImportLine, ImportRun, LineVerdict, RunState
from bling_sync.models.import_line import TAKEN

HEADER = ("verdict", "sku", "resembles", "bling_id", "name", "on_hand", "bling", "change", "read_at")
# A spreadsheet runs a cell that begins with one of these as a formula, and a SKU may begin with anything.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def counts(run: ImportRun) -> dict[LineVerdict, int]:
    """How many products got each verdict, in the doctor's order."""
    rows = ImportLine.objects.filter(shop_id=run.shop_id, run=run).exclude(verdict="").values_list("verdict")
    found = dict(rows.annotate(number=Count("pk")).order_by())
    return {verdict: found[verdict.value] for verdict in LineVerdict if verdict.value in found}


def changes(run: ImportRun) -> Iterator[ImportLine]:
    """The lines whose figure the run changes, or would change."""
    lines = run.lines.filter(shop_id=run.shop_id, verdict__in=TAKEN).order_by("sku")
    return lines.exclude(before=F("after")).iterator(chunk_size=500)


def left_out(run: ImportRun) -> Iterator[ImportLine]:
    """The lines that were left out, with the reason in their verdict."""
    lines = run.lines.filter(shop_id=run.shop_id).exclude(verdict__in=["", *TAKEN])
    return lines.order_by("verdict", "sku", "pk").iterator(chunk_size=500)


def why_nothing(run: ImportRun) -> str:
    """Why an ended run changed nothing; empty when it changed something or still runs."""
    if run.state not in (RunState.APPLIED, RunState.REHEARSED) or next(changes(run), None) is not None:
        return ""
    if not run.read:
        return "Bling has no active products."
    taken = run.lines.filter(shop_id=run.shop_id, verdict__in=TAKEN).count()
    if not taken:
        return "None of Bling's products could be taken: each has its reason above."
    return f"Nothing changed: all {taken} figures were already as Bling has them."


def write_csv(run: ImportRun, file: TextIO) -> int:
    """Write every line of the run as CSV; returns how many."""
    writer = csv.writer(file)
    writer.writerow(HEADER)
    written = 0
    for line in run.lines.filter(shop_id=run.shop_id).order_by("verdict", "sku", "pk").iterator(chunk_size=500):
        writer.writerow(_row(line))
        written += 1
    return written


def _row(line: ImportLine) -> list[object]:
    change = line.after - line.before if line.after is not None and line.before is not None else ""
    virtual = "" if line.virtual is None else f"{line.virtual.normalize():f}"
    read_at = line.read_started_at.isoformat() if line.read_started_at else ""
    sku, resembles, name = (_harmless(text) for text in (line.sku, line.resembles, line.name))
    before = "" if line.before is None else line.before
    return [line.verdict, sku, resembles, line.bling_id or "", name, before, virtual, change, read_at]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
