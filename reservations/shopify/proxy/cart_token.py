"""Shopify's token of a cart, by which a shopper's script proves whose cart it speaks for."""

import re
from typing import Any

from reservations.api.pipeline import StrictField

# Visible ASCII, and never the "?key=" behind it, which is the shopper's secret.
_TOKEN = re.compile(r"[!->@-~]{1,255}")


class CartTokenField(StrictField):
    """Shopify's name of a cart, as its webhooks have it."""

    def to_internal_value(self, data: Any) -> str:
        """The token."""
        if type(data) is not str:
            self.fail("not_a_string")
        if not _TOKEN.fullmatch(data):
            self.fail("invalid_cart_token")
        return data
