"""The bodies of requests. Each member has exactly one JSON type: nothing here converts, trims or guesses.

One object of each body validates for all threads, and describes it in the schema.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reservations.engine import ByCart, ByIds, Target

from .limits import MAX_IDS, MAX_LINES, MAX_ORDER_ID_LENGTH, MAX_QUANTITY, MAX_SKU_LENGTH, TEXT_PATTERN
from .pipeline import StrictField, StrictSerializer
from .sku import is_sku

TARGETS = ("reservation_id", "reservation_ids", "cart_token")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_ORDER_ID = re.compile(rf"[^\x00-\x1f\x7f-\x9f]{{1,{MAX_ORDER_ID_LENGTH}}}")


def parse_uuid(text: str) -> UUID | None:
    """The UUID that `text` spells in the usual way, in letters of either case, or None."""
    return UUID(text) if _UUID.fullmatch(text) else None


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY})
class QuantityField(StrictField):
    """Units: a JSON integer from 1 up. ``true``, ``1.0``, ``1e0`` and ``"1"`` are none."""

    def to_internal_value(self, data: Any) -> int:
        """The units."""
        if type(data) is not int:  # isinstance would let `true` through as 1
            self.fail("not_an_integer")
        if not 1 <= data <= MAX_QUANTITY:
            self.fail("out_of_range")
        return data


@extend_schema_field({"type": "string", "format": "uuid"})
class UuidField(StrictField):
    """A UUID in its usual spelling, in letters of either case."""

    def to_internal_value(self, data: Any) -> UUID:
        """The UUID."""
        known = parse_uuid(data) if type(data) is str else None
        if known is None:
            self.fail("not_a_uuid")
        return known


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": MAX_SKU_LENGTH, "pattern": TEXT_PATTERN})
class SkuField(StrictField):
    """A SKU, exactly as the shop has it."""

    def to_internal_value(self, data: Any) -> str:
        """The SKU."""
        if type(data) is not str:
            self.fail("not_a_string")
        if not is_sku(data):
            self.fail("invalid_sku")
        return data


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": MAX_ORDER_ID_LENGTH, "pattern": TEXT_PATTERN})
class OrderIdField(StrictField):
    """The caller's own name for the order that a confirmation belongs to."""

    def to_internal_value(self, data: Any) -> str:
        """The order's name."""
        if type(data) is not str:
            self.fail("not_a_string")
        if not _ORDER_ID.fullmatch(data):
            self.fail("invalid_order_id")
        return data


class ReserveSerializer(StrictSerializer):
    """Units of one SKU."""

    quantity = QuantityField(default=1)
    cart_token = UuidField(required=False)


class LineSerializer(StrictSerializer):
    """Units of one SKU within a cart."""

    sku = SkuField()
    quantity = QuantityField()


class ReserveCartSerializer(StrictSerializer):
    """Units of several SKUs for one cart, all or none."""

    cart_token = UuidField()
    lines = serializers.ListField(child=LineSerializer(), allow_empty=False, min_length=1, max_length=MAX_LINES)


class TargetSerializer(StrictSerializer):
    """Which reservations are meant: exactly one of the three members."""

    reservation_id = UuidField(required=False)
    reservation_ids = serializers.ListField(
        child=UuidField(), allow_empty=False, min_length=1, max_length=MAX_IDS, required=False
    )
    cart_token = UuidField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none and more than one. Raises ValidationError."""
        if len(attrs.keys() & set(TARGETS)) != 1:
            raise serializers.ValidationError("", code="exactly_one_target")
        return attrs


class ConfirmSerializer(TargetSerializer):
    """Which reservations were bought, and with which order."""

    order_id = OrderIdField(required=False)


def target_of(asked: Mapping[str, Any]) -> Target:
    """The engine's name for what a :class:`TargetSerializer` let through."""
    if "cart_token" in asked:
        return ByCart(asked["cart_token"])
    if "reservation_id" in asked:
        return ByIds((asked["reservation_id"],))
    return ByIds(tuple(dict.fromkeys(asked["reservation_ids"])))


RESERVE = ReserveSerializer()
RESERVE_CART = ReserveCartSerializer()
TARGET = TargetSerializer()
CONFIRM = ConfirmSerializer()
