"""The two sides of a history of one SKU: what clients asked and heard, and what the ledger says happened."""

from dataclasses import dataclass

Id = str


@dataclass(frozen=True)
class Event:
    """One call of a client: when it began and ended (seconds), what it asked for, and the answer."""

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
    """The calls and ledger rows of one SKU, and the units that it had at the start."""

    units: int
    events: tuple[Event, ...]
    rows: tuple[Row, ...]
