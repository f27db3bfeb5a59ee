"""What clients did and heard, and what the ledger says happened: the two sides of a history of one SKU."""

from dataclasses import dataclass

Id = str


@dataclass(frozen=True)
class Event:
    """One call of a client: when it was made and answered (seconds), what it wanted and what it was told."""

    verb: str  # reserve | confirm | release
    called: float
    returned: float
    quantity: int
    reservation: Id | None  # of a reserve that was refused: None
    told: str  # ok, or the code of the refusal


@dataclass(frozen=True)
class Row:
    """One ledger row, in the order of its position."""

    kind: str  # reserved | confirmed | released
    reservation: Id
    quantity: int
    at: float


@dataclass(frozen=True)
class History:
    """Everything about one SKU that had so many units at the start."""

    units: int
    events: tuple[Event, ...]
    rows: tuple[Row, ...]
