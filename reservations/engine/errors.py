"""Every way in which the engine says no, as one tree.

A leaf has a stable ``code`` (what programs match), the HTTP ``status`` that it becomes, whether and when a retry makes
sense (``retry_after``, seconds), and its sentence in the caller's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

DEFAULT_LANGUAGE = "pt-br"


class EngineError(Exception):
    """A request that was refused, with nothing changed by it."""

    code: ClassVar[str]
    status: ClassVar[int]
    text: ClassVar[Mapping[str, str]]
    retry_after: ClassVar[int | None] = None

    def __str__(self) -> str:
        return self.detail("en")

    def detail(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The sentence for a person, in `language` (``pt-br`` or ``en``)."""
        return self.text.get(language, self.text[DEFAULT_LANGUAGE]).format(**self.words())

    def words(self) -> dict[str, object]:
        """What the sentence's placeholders stand for."""
        return {}

    def extra(self) -> dict[str, object]:
        """Further JSON-ready members of the answer, for programs."""
        return {}


class UnknownSku(EngineError):
    """No stock item of this shop has exactly this SKU."""

    code = "unknown_sku"
    status = 404
    text = {"pt-br": "SKU '{sku}' não encontrado.", "en": "SKU '{sku}' was not found."}

    def __init__(self, sku: str) -> None:
        super().__init__(sku)
        self.sku = sku

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"sku": self.sku}

    def extra(self) -> dict[str, object]:
        """The same for programs."""
        return {"sku": self.sku}


@dataclass(frozen=True, slots=True)
class UncoveredLine:
    """A line that the stock does not cover: units asked for, units free, and when the next unit may come free.

    ``in_doubt`` more may be there: units that we sold and that the ERP may show already.
    """

    sku: str
    requested: int
    available: int
    retry_at: datetime | None
    in_doubt: int = 0

    def as_json(self) -> dict[str, object]:
        """The line as members of the answer; ``in_doubt`` where there are any."""
        return {
            "sku": self.sku,
            "requested": self.requested,
            "available": self.available,
            "retry_at": self.retry_at.isoformat() if self.retry_at else None,
            **({"in_doubt": self.in_doubt} if self.in_doubt else {}),
        }


class OutOfStock(EngineError):
    """Fewer units are free than were asked for; nothing was held."""

    code = "out_of_stock"
    status = 409
    text = {
        "pt-br": "Estoque para o SKU '{skus}' indisponível para reserva.",
        "en": "SKU '{skus}' has not enough stock to reserve.",
    }
    being_confirmed: ClassVar[Mapping[str, str]] = {
        "pt-br": "Unidades do SKU '{skus}' em confirmação. Tente novamente em instantes.",
        "en": "Units of SKU '{skus}' are being confirmed. Try again in a moment.",
    }

    def __init__(self, lines: Iterable[UncoveredLine]) -> None:
        super().__init__()
        self.lines = tuple(lines)

    def detail(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The sentence; units that are only in doubt are never said to be gone."""
        if not any(line.in_doubt for line in self.lines):
            return super().detail(language)
        sentence = self.being_confirmed.get(language, self.being_confirmed[DEFAULT_LANGUAGE])
        return sentence.format(skus="', '".join(line.sku for line in self.lines if line.in_doubt))

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"skus": "', '".join(line.sku for line in self.lines)}

    def extra(self) -> dict[str, object]:
        """The same for programs."""
        lines: list[dict[str, object]] = [line.as_json() for line in self.lines]
        return {**lines[0], "lines": lines}


class ReservationError(EngineError):
    """Reservations that stand in the way, each with the state that it is in.

    The code and the sentence speak of those in the state ``about``; programs read of all of them.
    """

    about: ClassVar[str]

    def __init__(self, reservations: Iterable[tuple[UUID | None, str]]) -> None:
        super().__init__()
        self.reservations = tuple(reservations)

    def detail(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The sentence, also where there is no id to name (a cart that holds nothing)."""
        return super().detail(language).replace("  ", " ")

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"ids": ", ".join(f"'{known}'" for known, status in self.reservations if known and status == self.about)}

    def extra(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "reservations": [
                {"reservation_id": str(known), "status": status} for known, status in self.reservations if known
            ]
        }


class UnknownReservation(ReservationError):
    """This shop has no such reservation, or the cart holds and held nothing."""

    code = "unknown_reservation"
    about = "unknown"
    status = 404
    text = {"pt-br": "Reserva {ids} não encontrada.", "en": "Reservation {ids} was not found."}


class ReservationExpired(ReservationError):
    """The hold's time was over by the database's clock; it stays so for ever."""

    code = "reservation_expired"
    about = "expired"
    status = 410
    text = {"pt-br": "A reserva {ids} está expirada.", "en": "Reservation {ids} has expired."}


class ReservationReleased(ReservationError):
    """The hold was given back before."""

    code = "reservation_released"
    about = "released"
    status = 409
    text = {"pt-br": "A reserva {ids} já foi liberada.", "en": "Reservation {ids} was released before."}


class ReservationConfirmed(ReservationError):
    """The hold has already become a sale."""

    code = "reservation_confirmed"
    about = "confirmed"
    status = 409
    text = {"pt-br": "A reserva {ids} já foi confirmada.", "en": "Reservation {ids} was confirmed before."}


class ReservationOfOrder(ReservationError):
    """An order that awaits its payment holds the units: its time and its payment decide about them, no shopper."""

    code = "reservation_of_order"
    about = "active"
    status = 409
    text = {
        "pt-br": "A reserva {ids} é de um pedido que aguarda pagamento.",
        "en": "Reservation {ids} belongs to an order that awaits its payment.",
    }


class IdempotencyKeyReused(EngineError):
    """The key was used before with another body or another path."""

    code = "idempotency_key_reused"
    status = 422
    text = {
        "pt-br": "Esta Idempotency-Key já foi usada com outro pedido.",
        "en": "This Idempotency-Key was used before with another request.",
    }


class RequestInProgress(EngineError):
    """A request with the same key is being answered at this moment."""

    code = "request_in_progress"
    status = 409
    retry_after = 1
    text = {
        "pt-br": "Um pedido com a mesma Idempotency-Key está em andamento. Tente novamente em instantes.",
        "en": "A request with the same Idempotency-Key is in progress. Try again in a moment.",
    }


class Busy(EngineError):
    """The deadline passed before the row's lock, or a turn in the queue for it, came. Nothing was changed."""

    code = "busy"
    status = 503
    retry_after = 1
    text = {
        "pt-br": "Muitos pedidos para este estoque neste momento. Tente novamente em instantes.",
        "en": "Too many requests for this stock right now. Try again in a moment.",
    }


class Unavailable(EngineError):
    """The database cannot be reached. Nothing was changed."""

    code = "unavailable"
    status = 503
    retry_after = 2
    text = {
        "pt-br": "O serviço de estoque está temporariamente indisponível. Tente novamente em instantes.",
        "en": "The stock service is unavailable for the moment. Try again shortly.",
    }


class OutcomeUnknown(EngineError):
    """The connection was lost while the change was being committed: it may or may not be there.

    A retry with the same Idempotency-Key tells the truth; without a key, read the reservation or the stock.
    """

    code = "outcome_unknown"
    status = 503
    retry_after = 2
    text = {
        "pt-br": "Não sabemos se o pedido foi gravado. Repita com a mesma Idempotency-Key para saber.",
        "en": "It is not known whether the request was saved. Repeat it with the same Idempotency-Key to find out.",
    }
