"""Refusals for a shopper's own sake: units are free, and one cart or one shopper may not have so many of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from .errors import DEFAULT_LANGUAGE, EngineError


class CartLimitExceeded(EngineError):
    """The shop lets one cart hold fewer units of one SKU than were asked for."""

    code = "cart_limit_exceeded"
    status = 409
    text = {
        "pt-br": "Cada carrinho pode reservar no máximo {max} unidade(s) do SKU '{sku}'.",
        "en": "A cart can hold at most {max} unit(s) of SKU '{sku}'.",
    }

    def __init__(self, sku: str, most: int) -> None:
        super().__init__(sku, most)
        self.sku, self.most = sku, most

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"sku": self.sku, "max": self.most}

    def extra(self) -> dict[str, object]:
        """The same for programs."""
        return {"sku": self.sku, "max": self.most}


class HoldLimitReached(EngineError):
    """This shopper may hold fewer units of the SKU without having paid; another moment, or a payment, makes room.

    ``budget`` says of whom the limit is: ``customer``, ``address``, ``anonymous`` (all shoppers who are not signed in),
    or ``wait``, where a hold of this shopper ended unpaid a moment ago. The shopper may hold ``remaining`` units more.
    """

    code = "hold_limit_reached"
    status = 409
    text = {
        "pt-br": "Limite de unidades do SKU '{sku}' reservadas sem pagamento: ainda é possível reservar {remaining}.",
        "en": "The limit of unpaid units of SKU '{sku}' is reached: {remaining} more can be held.",
    }
    of_budget: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "anonymous": {
            "pt-br": "Sem entrar na conta, só é possível reservar mais {remaining} unidade(s) do SKU '{sku}' agora.",
            "en": "Without signing in, {remaining} more unit(s) of SKU '{sku}' can be held now.",
        },
        "wait": {
            "pt-br": "A última reserva do SKU '{sku}' terminou sem pagamento. Tente novamente em instantes.",
            "en": "The last hold of SKU '{sku}' ended without a payment. Try again in a moment.",
        },
    }

    def __init__(self, sku: str, budget: str, remaining: int, retry_at: datetime | None) -> None:
        super().__init__(sku, budget, remaining, retry_at)
        self.sku, self.budget, self.remaining, self.retry_at = sku, budget, remaining, retry_at

    def detail(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The sentence of this budget."""
        texts = self.of_budget.get(self.budget, self.text)
        return texts.get(language, texts[DEFAULT_LANGUAGE]).format(**self.words())

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"sku": self.sku, "remaining": self.remaining}

    def extra(self) -> dict[str, object]:
        """The same for programs; ``retry_at`` is null where no wait helps."""
        retry_at = self.retry_at.isoformat() if self.retry_at else None
        return {"sku": self.sku, "budget": self.budget, "remaining": self.remaining, "retry_at": retry_at}
