"""How an order is paid, as far as the names of its gateways tell, and until when its units wait for the money.

A gateway's name is whatever the merchant or the gateway's maker typed, in Portuguese or English. So we go by its words,
and if they name several methods, or none that we know, the longest wait is the safe one: a unit freed too early is sold
twice, one freed late is only sold later.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from .bank_days import end_of_bank_day


class Method(IntEnum):
    """A way to pay; the larger number waits longer."""

    CARD = 1
    PIX = 2
    OTHER = 3
    BOLETO = 4
    DEPOSIT = 5
    # It leaves before the money comes.
    ON_DELIVERY = 6


# Whole words, without accents, in lower case. A gift card is no method to wait for.
_WORDS = (
    (Method.ON_DELIVERY, r"cash on delivery|cod|(na|no|contra) (entrega|retirada)|pay (in store|on pickup)"),
    (Method.DEPOSIT, r"deposit|deposito|transferencia|bank transfer|wire transfer|money order|ted|doc"),
    (Method.BOLETO, r"boletos?|bolbradesco|bank ?slips?"),
    (Method.PIX, r"pix"),
    (Method.CARD, r"(?<!gift )cards?|cartao|cartoes|credito|debito|shopify payments|bogus|shop pay|(apple|google) pay"),
)
_PATTERNS = tuple((method, re.compile(rf"\b(?:{words})\b")) for method, words in _WORDS)
_GIFT_CARD = "gift card"


@dataclass(frozen=True, slots=True)
class Figures:
    """How long a merchant's shop waits for each method's payment; bank days end at midnight in Brasília."""

    card_minutes: int
    pix_minutes: int
    boleto_bank_days: int
    deposit_bank_days: int
    other_bank_days: int


def method_of(gateways: Iterable[str]) -> Method:
    """The method that these gateways' names point to."""
    named = [name for name in map(_plain, gateways) if name and name != _GIFT_CARD]
    return max((_method(name) for name in named), default=Method.OTHER)


def due_at(method: Method, placed_at: datetime, figures: Figures) -> datetime | None:
    """When an order placed at this time has to be paid; None where the goods leave first."""
    match method:
        case Method.ON_DELIVERY:
            return None
        case Method.CARD:
            return placed_at + timedelta(minutes=figures.card_minutes)
        case Method.PIX:
            return placed_at + timedelta(minutes=figures.pix_minutes)
        case Method.BOLETO:
            return end_of_bank_day(placed_at, figures.boleto_bank_days)
        case Method.DEPOSIT:
            return end_of_bank_day(placed_at, figures.deposit_bank_days)
        case Method.OTHER:
            return end_of_bank_day(placed_at, figures.other_bank_days)


def _method(name: str) -> Method:
    return max((method for method, words in _PATTERNS if words.search(name)), default=Method.OTHER)


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", bare.lower()))
