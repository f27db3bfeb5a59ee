"""How the reservations of each kind of holder ended within the last hour."""

from dataclasses import dataclass

from reservations.hold_ends import hold_ends
from reservations.models import HeldBy, Shop


@dataclass(frozen=True, slots=True)
class EndsRow:
    """A kind of holder in words, with the holds that were bought and those that ended unpaid."""

    label: str
    bought: int
    unpaid: int

    @property
    def ratio(self) -> float | None:
        """How many ended unpaid for each that was bought; None where none was."""
        return self.unpaid / self.bought if self.bought else None


def ends_rows(shop: Shop) -> list[EndsRow]:
    """A row for each kind of holder of whom any hold ended."""
    return [EndsRow(str(HeldBy(each.held_by).label), each.bought, each.unpaid) for each in hold_ends(shop.pk)]
