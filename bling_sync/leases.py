"""One worker at a time for a piece of a shop's work, without keeping a transaction or a session open."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from bling_sync.models import Lease
from plumbing import sql

_TAKE = """
INSERT INTO bling_sync_lease AS held (shop_id, name, holder, until)
VALUES (%s, %s, %s, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (shop_id, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE held.until < clock_timestamp() OR held.holder = excluded.holder
RETURNING 1
"""


class Held:
    """A lease that was had; `renew` before each step that may take long."""

    def __init__(self, shop_id: int, name: str) -> None:
        self._shop_id, self._name, self._holder = shop_id, name, uuid4()

    def renew(self, seconds: float) -> bool:
        """Keep it for so long from now; False when another has taken it over."""
        return sql.first(_TAKE, [self._shop_id, self._name, self._holder, seconds]) is not None

    def give_back(self) -> None:
        """Let the next one in at once."""
        Lease.objects.filter(shop_id=self._shop_id, name=self._name, holder=self._holder).delete()


@contextmanager
def lease(shop_id: int, name: str, seconds: float) -> Iterator[Held | None]:
    """Take the work `name` of a shop for `seconds`; None when somebody else has it."""
    held = Held(shop_id, name)
    if not held.renew(seconds):
        yield None
        return
    try:
        yield held
    finally:
        held.give_back()
