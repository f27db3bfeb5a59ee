"""Addresses of commands are addresses of stock too: ``GET /stock/confirm`` asks for the SKU called "confirm"."""

from typing import ClassVar

from django.http import HttpResponse

from .caller import ApiRequest
from .stock import stock_answer


class AlsoSku:
    """Mixed into a command's view; ``also_sku`` is the SKU whose address it shares."""

    also_sku: ClassVar[str]

    def get(self, request: ApiRequest) -> HttpResponse:
        """The stock of that SKU."""
        return stock_answer(request, self.also_sku)
