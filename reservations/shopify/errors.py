"""What can go wrong when Shopify is asked for something."""

from collections.abc import Mapping, Sequence
from typing import Any


class ShopifyError(Exception):
    """Shopify did not do what it was asked for. The message holds no token."""


class NotInstalled(ShopifyError):
    """The app is not in this shop, or not any more: nothing may be asked of it."""


class NeedsReopen(ShopifyError):
    """Our tokens are of no use any more; the merchant has to open the app once."""


class SubjectTokenRefused(ShopifyError):
    """The session token is not good for an exchange: the page must bring a fresh one."""


class ClientRefused(ShopifyError):
    """Shopify does not accept the app's id and secret for this shop."""


class Unreachable(ShopifyError):
    """No answer in time, or one that says "later". ``sent`` tells whether the request may have been carried out."""

    def __init__(self, message: str, *, sent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.sent, self.retry_after = sent, retry_after


class Refused(ShopifyError):
    """GraphQL errors: the document, its variables or our rights do not fit. A retry changes nothing."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("; ".join(str(error.get("message", "")) for error in errors)[:500])
        self.errors = errors


class UserErrors(ShopifyError):
    """A mutation's ``userErrors``: Shopify understood, and says no. ``codes`` are its words for programs."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        said = (f"{error.get('code') or ''} {error.get('message', '')}".strip() for error in errors)
        super().__init__("; ".join(said)[:500])
        self.errors = errors
        self.codes = {str(error.get("code") or "") for error in errors}
