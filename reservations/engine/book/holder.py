"""Whose a hold is: keyed hashes in the place of a customer's number, an address and a cart.

The engine counts by them and never learns a name. One customer has another hash in each shop and for each SKU, so the
tables do not tell what else somebody holds; and whoever reads them cannot try names out without ``SECRET_KEY``. After
that has changed, the holds that live count for nobody until they end.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from django.conf import settings

from reservations.engine.values import Shopper
from reservations.models import HeldBy

_BYTES = 8  # A column of PostgreSQL's; two shoppers of one SKU share a hash once in quintillions.


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks for a hold of one SKU. A key is None where the name is not known."""

    held_by: str = HeldBy.SHOP.value
    customer_key: int | None = None
    address_key: int | None = None
    cart_key: int | None = None

    @property
    def person_key(self) -> int | None:
        """The customer, and the cart of a shopper without a number."""
        return self.cart_key if self.customer_key is None else self.customer_key

    def beside(self, other: "Holder") -> "Holder":
        """The same shopper, with the names by which `other` knows it where it has none itself."""
        customer_key = self.customer_key or other.customer_key
        address_key = self.address_key or other.address_key
        if (customer_key, address_key) == (self.customer_key, self.address_key):
            return self
        held_by = HeldBy.ANONYMOUS if customer_key is None else HeldBy.CUSTOMER
        return Holder(held_by.value, customer_key, address_key, self.cart_key)

    @property
    def keys(self) -> tuple[int, ...]:
        """Those under which unpaid holds are remembered."""
        return tuple(key for key in (self.person_key, self.address_key) if key is not None)


# The shop's own server, which no budget limits.
OF_SHOP = Holder()


def holder_of(shop_id: int, sku: str, shopper: Shopper, cart_token: UUID | None) -> Holder:
    """The holder of this SKU that a shopper is, with this cart."""
    return Holder(
        (HeldBy.CUSTOMER if shopper.customer else HeldBy.ANONYMOUS).value,
        _key(shop_id, "customer", sku, shopper.customer) if shopper.customer else None,
        _key(shop_id, "address", sku, shopper.address) if shopper.address else None,
        cart_key(shop_id, sku, cart_token),
    )


def cart_key(shop_id: int, sku: str, cart_token: UUID | None) -> int | None:
    """The hash of a cart."""
    return _key(shop_id, "cart", sku, str(cart_token)) if cart_token else None


def _key(shop_id: int, kind: str, sku: str, name: str) -> int:
    # No SKU has a newline, so no two triples make one text.
    digest = blake2b(f"{kind}\n{sku}\n{name}".encode(), key=_shop_key(shop_id, settings.SECRET_KEY), digest_size=_BYTES)
    return int.from_bytes(digest.digest(), signed=True)


@lru_cache(maxsize=1_024)
def _shop_key(shop_id: int, secret: str) -> bytes:
    return blake2b(f"bazico holders of shop {shop_id}\n{secret}".encode()).digest()
