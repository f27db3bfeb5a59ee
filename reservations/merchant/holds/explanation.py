"""Why a reservation stands as it does: one sentence, from recorded facts alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reservations import engine
from reservations.merchant.actors import in_words
from reservations.models import MovementKind, Reservation, Shop, Status, StockMovement

from .reservation_source import Source


def clock(at: datetime) -> str:
    """A time of day, with its day unless that is today; in the shop's zone."""
    local = localtime(at)
    return date_format(local, "H:i:s" if local.date() == localtime().date() else "d/m H:i:s")


def reasons(shop: Shop, reservations: Sequence[Reservation]) -> Mapping[UUID, str]:
    """Why reservations were released, by whom: what the ledger keeps, where somebody gave a reason."""
    released = [one.pk for one in reservations if one.status == Status.RELEASED]
    if not released:
        return {}
    rows = StockMovement.objects.filter(shop=shop, reservation_id__in=released, kind=MovementKind.RELEASED)
    said = rows.values_list("reservation_id", "reference")
    return {key: reference for key, reference in said if key and reference}


def why(reservation: Reservation, *, is_over: bool, source: Source, order: str, reason: str) -> str:
    """The sentence. `is_over`: its time was over; `order`: the name of its order; `reason`: what the ledger keeps."""
    facts = {
        "since": clock(reservation.created_at),
        "until": clock(reservation.ended_at or reservation.expires_at),
        "order": order,
    }
    if source == Source.ORDER:
        found = _("Order %(order)s was paid when nothing was reserved for it any more; free units were found.")
        needless = _("Order %(order)s was paid, and nothing had to be reserved for it: the SKU sells without stock.")
        return (needless if reservation.stock_item.sells_without_stock else found) % facts
    if source == Source.UNPAID and is_over:
        return _("Order %(order)s was not paid by %(until)s: the units went back on sale.") % facts
    if source == Source.UNPAID and reservation.status == Status.ACTIVE:
        return _("Order %(order)s awaits its payment; no one else can buy these units until %(until)s.") % facts
    if reservation.status == Status.CONFIRMED:
        named = _("Order %(order)s was paid at %(until)s, while the units were reserved for it.")
        unnamed = _("The purchase was confirmed at %(until)s, while the units were reserved for it.")
        return (named if order else unnamed) % facts
    if reservation.status == Status.RELEASED:
        said = _("Released at %(until)s, and the units went back on sale: %(reason)s.")
        if reason.startswith(engine.BY_TILL):
            return _("Ended at %(until)s: %(reason)s.") % {**facts, "reason": in_words(reason)}
        silent = _("Given back at %(until)s, before time was over: the cart was changed, emptied or let go.")
        return (said if reason else silent) % {**facts, "reason": in_words(reason)}
    if is_over:
        return _("Reserved at %(since)s and not paid by %(until)s: the units went back on sale.") % facts
    return _("Reserved at %(since)s; no one else can buy these units until %(until)s.") % facts
