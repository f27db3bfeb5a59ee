"""How far an import is, for a bar and in a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bling_sync.catalogue import workload
from bling_sync.models import ImportRun, Phase, RunState
from reservations.merchant.grouped import grouped

from . import duration_words

# Where each phase begins and how much of the bar is its own, in percent. A real run applies at the end.
_SPANS = {
    Phase.PRODUCTS: (2, 33),
    Phase.KITS: (35, 0),
    Phase.LOTS: (37, 0),
    Phase.BALANCES: (40, 40),
    Phase.JUDGE: (80, 0),
    Phase.APPLY: (82, 18),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` of the bar, the sentence beside it, and how long it still takes, in words."""

    percent: int
    sentence: str
    left: str


def progress(run: ImportRun) -> Progress:
    """The progress of a run under way. Bling does not count its products for us, so the last run's number stands in."""
    start, width = _SPANS[Phase(run.phase)]
    # Bling may have more products than at the last run: the bar then waits at the end of its span.
    done, total = _share(run)
    percent = start + (width * min(done, total) // total if total else 0)
    return Progress(percent, _sentence(run), duration_words.left(workload.left(run)))


def _share(run: ImportRun) -> tuple[int, int]:
    if run.phase == Phase.PRODUCTS:
        before = ImportRun.objects.filter(shop_id=run.shop_id, pk__lt=run.pk).exclude(state=RunState.FAILED)
        return run.read, before.order_by("-pk").values_list("read", flat=True).first() or 0
    if run.phase == Phase.BALANCES:
        return run.balanced, run.read
    return (run.applied, run.balanced) if run.phase == Phase.APPLY else (0, 0)


def _sentence(run: ImportRun) -> str:
    if run.phase == Phase.PRODUCTS and run.based_on_id is not None:
        text = _("Reading which products have changed since the rehearsal: %(read)s so far.")
        return text % {"read": grouped(run.read)}
    figures = {"read": grouped(run.read), "balanced": grouped(run.balanced), "applied": grouped(run.applied)}
    return {
        Phase.PRODUCTS: _("Reading products from Bling: %(read)s so far."),
        Phase.KITS: _("Looking into kits. %(read)s products read."),
        Phase.LOTS: _("Looking for products kept by lots. %(read)s products read."),
        Phase.BALANCES: _("Reading balances: %(balanced)s of %(read)s."),
        Phase.JUDGE: _("Comparing %(read)s products."),
        Phase.APPLY: _("Applying Bling's figures: %(applied)s of %(balanced)s."),
    }[Phase(run.phase)] % figures
