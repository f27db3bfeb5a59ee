"""What an order was missing of a SKU before it is looked at again."""

from typing import NamedTuple


class Missing(NamedTuple):
    """The recorded units of a shortfall, and whether a person has closed it."""

    units: int
    is_resolved: bool

    @property
    def resolved(self) -> int:
        """Units that the buyer has otherwise, or does not await any more: the stock owes them to nobody."""
        return self.units if self.is_resolved else 0


NONE_MISSING = Missing(0, is_resolved=False)
