"""Products whose balance is not simply their own: kits made of other products, and products kept by lots."""

from bling_sync.client.bling_api import Bling
from bling_sync.models import ImportLine, ImportRun, LineVerdict, Phase
from bling_sync.resources import products


def look_into_kit(run: ImportRun, bling: Bling) -> None:
    """Look into the next kit, or go on to the lots. Raises BlingError."""
    kits = run.lines.filter(shop_id=run.shop_id, verdict="", format=products.KIT).order_by("pk")
    line = kits.first()
    if line is None or line.bling_id is None:
        _go_on(run, Phase.LOTS)
        return
    if products.has_virtual_stock(bling, line.bling_id):
        _update([line], verdict=LineVerdict.KIT)
    else:
        # An assembled kit has a stock of its own: treat it as a simple product.
        _update([line], format="S")


def look_for_lots(run: ImportRun, bling: Bling) -> None:
    """Ask Bling which of the next products are kept by lots, or go on to the balances. Raises NotApplied's leaves."""
    rows = run.lines.filter(shop_id=run.shop_id, verdict="", lots_checked=False).order_by("pk")
    lines = list(rows[: products.IDS_PER_CALL])
    if not lines:
        _go_on(run, Phase.BALANCES)
        return
    by_lots = products.kept_by_lots(bling, [line.bling_id for line in lines if line.bling_id is not None])
    _update([line for line in lines if line.bling_id in by_lots], verdict=LineVerdict.LOT)
    _update(lines, lots_checked=True)


def _update(lines: list[ImportLine], **values: object) -> None:
    if lines:
        ids = [line.pk for line in lines]
        ImportLine.objects.filter(shop_id=lines[0].shop_id, pk__in=ids).update(**values)


def _go_on(run: ImportRun, phase: Phase) -> None:
    run.phase = phase
    run.save(update_fields=["phase"])
