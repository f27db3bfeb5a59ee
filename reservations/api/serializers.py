"""The bodies of requests. One object of each validates for all threads, and the schema is drawn from the same."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from reservations.engine import ByCart, ByIds, Target

from .fields import OrderIdField, QuantityField, SkuField, UuidField
from .limits import MAX_IDS, MAX_LINES


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object that has the members named here and no others."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The members, each checked. Raises ValidationError."""
        if isinstance(data, Mapping) and not data.keys() <= self.fields.keys():
            unknown = [name for name in data if name not in self.fields]
            raise serializers.ValidationError({name: [""] for name in unknown}, code="unknown_member")
        checked: dict[str, Any] = super().to_internal_value(data)
        return checked


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
    lines = serializers.ListField(child=LineSerializer(), allow_empty=False, max_length=MAX_LINES)


class TargetSerializer(StrictSerializer):
    """Which reservations are meant: exactly one of the three members."""

    reservation_id = UuidField(required=False)
    reservation_ids = serializers.ListField(child=UuidField(), allow_empty=False, max_length=MAX_IDS, required=False)
    cart_token = UuidField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none and more than one. Raises ValidationError."""
        if len(attrs.keys() & {"reservation_id", "reservation_ids", "cart_token"}) != 1:
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
