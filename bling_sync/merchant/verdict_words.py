"""The SKU doctor in the merchant's words: how many products got which verdict, what to do, and which they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bling_sync.catalogue import run_report
from bling_sync.models import ImportLine, ImportRun, LineVerdict
from bling_sync.models.import_line import TAKEN

SHOWN = 50
CHANGES = "changes"
# Figures of SKUs that are here already.
KNOWN = (LineVerdict.EXACT, LineVerdict.REPLACED)

# What is left out, and what brings it in.
_ADVICE: dict[LineVerdict, str | Promise] = {
    LineVerdict.EXACT: _("Taken."),
    LineVerdict.NEW: _("Taken: the SKU is added to the stock."),
    LineVerdict.REPLACED: _("Taken: its units are counted under the other SKU."),
    LineVerdict.SIMILAR: _("Write the SKU in Bling exactly as in the store, then compare again."),
    LineVerdict.BLANK: _("Give the product a SKU (código) in Bling."),
    LineVerdict.UNFIT: _("Shorten the SKU in Bling to 255 characters, without line breaks."),
    LineVerdict.DUPLICATE: _("Let one active product in Bling have this SKU."),
    LineVerdict.RENAMED: _(
        "The store goes on with the SKU that it has. Write the same in both; compare again once its sales are in Bling."
    ),
    LineVerdict.MISSING: _("Make the product in Bling, or leave it: its quantity stays as it is here."),
    LineVerdict.KIT: _("Sell its parts, or keep the kit in Bling with a stock of its own."),
    LineVerdict.LOT: _("Products kept by lots cannot be booked by this app."),
    LineVerdict.FRACTIONAL: _("The store sells whole units: correct the balance in Bling."),
    LineVerdict.PARENT: _("Nothing to do: its variations are taken."),
    LineVerdict.SERVICE: _("Nothing to do: a service has no stock."),
    LineVerdict.UNREAD: _("Bling gave no balance. Compare again; the figure here stays until then."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, how many products got it, and what to do."""

    verdict: LineVerdict
    count: int
    advice: str | Promise

    @property
    def label(self) -> str | Promise:
        """The verdict in words."""
        return self.verdict.label


@dataclass(frozen=True, slots=True)
class Diff:
    """What a run would write, or wrote: SKUs whose figure changes, SKUs that are new, and units."""

    changed: int
    new: int
    units_before: int
    units_after: int

    @property
    def is_nothing(self) -> bool:
        """Whether it changes nothing."""
        return not self.changed and not self.new


def findings(run: ImportRun) -> Sequence[Finding]:
    """The verdicts that occur, in the doctor's order."""
    return [Finding(verdict, number, _ADVICE[verdict]) for verdict, number in run_report.counts(run).items()]


def diff(run: ImportRun) -> Diff:
    """The run's changes in numbers."""
    exact = Q(verdict__in=KNOWN)
    found = lines(run).aggregate(
        changed=Count("pk", filter=exact & ~Q(before=F("after"))),
        new=Count("pk", filter=Q(verdict=LineVerdict.NEW)),
        units_before=Sum("before", filter=exact),
        units_after=Sum("after", filter=Q(verdict__in=TAKEN)),
    )
    return Diff(**{name: number or 0 for name, number in found.items()})


def lines(run: ImportRun) -> QuerySet[ImportLine]:
    """Every line of the run."""
    return ImportLine.objects.filter(shop_id=run.shop_id, run=run)


def listed(run: ImportRun, show: str, after: int) -> Sequence[ImportLine]:
    """Up to SHOWN + 1 lines behind the line `after`: those that change, or those of one verdict."""
    wanted = Q(verdict__in=KNOWN) & ~Q(before=F("after")) if show == CHANGES else Q(verdict=show)
    rows = lines(run).filter(wanted, pk__gt=after)
    return list(rows.order_by("pk")[: SHOWN + 1])
