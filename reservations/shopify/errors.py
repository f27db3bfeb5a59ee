"""What can go wrong when we ask Shopify for something."""

from collections.abc import Mapping, Sequence
from typing import Any


class ShopifyError(Exception):
    """Shopify did not do what we asked. The message contains no token."""


class NotInstalled(ShopifyError):
    """The app is not in this shop, or has left it: we may ask nothing."""


class NeedsReopen(ShopifyError):
    """Our tokens no longer work; the merchant has to open the app once."""


class SubjectTokenRefused(ShopifyError):
    """Shopify does not exchange this session token: the page must bring a fresh one."""


class ClientRefused(ShopifyError):
    """Shopify does not accept the app's id and secret for this shop."""


class Unreachable(ShopifyError):
    """No answer in time, or one that says "later". ``sent`` says whether Shopify may have carried the request out."""

    def __init__(self, message: str, *, sent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.sent, self.retry_after = sent, retry_after


class Refused(ShopifyError):
    """GraphQL errors: the document, its variables or our scopes do not fit. A retry changes nothing."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("; ".join(str(error.get("message", "")) for error in errors)[:500])
        self.errors = errors


class UserErrors(ShopifyError):
    """A mutation's ``userErrors``: Shopify understood and refuses. ``codes`` are its machine-readable reasons."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        said = (f"{error.get('code') or ''} {error.get('message', '')}".strip() for error in errors)
        super().__init__("; ".join(said)[:500])
        self.errors = errors
        self.codes = {str(error.get("code") or "") for error in errors}
