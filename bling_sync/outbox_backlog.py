"""What waits on the way to Bling, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Aggregate, Count, Min, Q

from . import housekeeping
from .models import Connection, ConnectionState, Push, PushState

# An open push is in exactly one of these.
_KINDS = {
    "pending": Q(state=PushState.PENDING),
    "sending": Q(state=PushState.SENDING),
    "unknown": Q(state=PushState.UNKNOWN, escalated_at__isnull=True),
    "merchant": Q(state=PushState.UNKNOWN, escalated_at__isnull=False),
    "refused": Q(state=PushState.FAILED),
}


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many pushes wait for one reason, and since when the oldest does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """One shop's state at Bling. `waiting` has the reasons pending, sending, unknown, merchant, refused."""

    shop: str
    state: str
    company: str
    mode: str
    mode_reason: str
    suggested_mode: str
    waiting: dict[str, Backlog]
    warnings: list[str]
    answered_at: datetime | None
    imported_at: datetime | None
    last_error: str

    @property
    def waits(self) -> bool:
        """Whether anything has to be done yet, by us or by the merchant."""
        lost = self.state == ConnectionState.AUTHORIZATION_LOST
        return lost or any(kind.count for kind in self.waiting.values())


def status(known: Connection) -> Status:
    """The state of one connection."""
    return Status(
        shop=known.shop.domain,
        state=known.state,
        company=known.company_name or known.company_id,
        mode=known.mode,
        mode_reason=known.mode_reason,
        suggested_mode=known.suggested_mode,
        waiting=waiting(known.shop_id),
        warnings=housekeeping.warnings(known),
        answered_at=known.answered_at,
        imported_at=known.imported_at,
        last_error=known.last_error,
    )


def waiting(shop_id: int) -> dict[str, Backlog]:
    """The shop's open pushes by the reason for which they wait."""
    columns: dict[str, Aggregate] = {f"{name}_count": Count("pk", filter=kind) for name, kind in _KINDS.items()}
    columns |= {f"{name}_since": Min("created_at", filter=kind) for name, kind in _KINDS.items()}
    ended = (PushState.SENT, PushState.SETTLED, PushState.CANCELLED)
    found = Push.objects.filter(shop_id=shop_id).exclude(state__in=ended).aggregate(**columns)
    return {name: Backlog(found[f"{name}_count"], found[f"{name}_since"]) for name in _KINDS}
