"""The stand-in of Shopify whose books are the judge."""

from tests.shopify.conftest import shopify

__all__ = ["shopify"]
