"""One worker at a time for a piece of a shop's work."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

from bling_sync import models
from plumbing.lease import Lease

_NOBODY, _LONG_AGO = UUID(int=0), datetime.fromtimestamp(0, UTC)


class WorkLease(Lease):
    """A lease whose row exists only while somebody holds it."""

    def __init__(self, shop_id: int, name: str) -> None:
        """Name the work; nothing is taken yet."""
        self._free = models.Lease(shop_id=shop_id, name=name, holder=_NOBODY, until=_LONG_AGO)
        rows = models.Lease.objects.filter(shop_id=shop_id, name=name)
        super().__init__(rows, holder="holder", until="until")

    def take(self, seconds: float) -> bool:
        """Take it for `seconds` from now; False when somebody else holds it."""
        if super().take(seconds):
            return True
        # If a row exists somebody holds it, and the insert changes nothing; else the row is free to take.
        models.Lease.objects.bulk_create([self._free], ignore_conflicts=True)
        return super().take(seconds)

    def give_back(self) -> None:
        """Let the next one in at once."""
        self.mine.delete()


def lease(shop_id: int, name: str, seconds: float) -> AbstractContextManager[WorkLease | None]:
    """Take the work `name` of a shop for `seconds`; None when somebody else has it."""
    return WorkLease(shop_id, name).held(seconds)
