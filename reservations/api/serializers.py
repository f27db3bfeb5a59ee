"""The bodies of requests. One object of each validates for all threads, and the schema is drawn from the same."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty

from reservations.engine import ByCart, ByIds, Target

from .errors import InvalidInput
from .fields import OrderIdField, QuantityField, SkuField, UuidField
from .input_problems import problems_of
from .limits import MAX_IDS, MAX_LINES

TARGETS = ("reservation_id", "reservation_ids", "cart_token")
_UNKNOWN = ErrorDetail("", code="unknown_member")


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object that has the members named here and no others.

    The members are walked here and not by the base class, which spends longer on HTML forms than on our two fields.
    """

    def run_validation(self, data: Any = empty) -> dict[str, Any]:
        """The members, each checked, and then what :meth:`validate` says of them together. Raises ValidationError."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("", code="not_an_object")
        problems: dict[str, Any] = {name: [_UNKNOWN] for name in data if name not in self.fields}
        checked: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                checked[name] = field.run_validation(data.get(name, empty))
            except serializers.ValidationError as problem:
                problems[name] = problem.detail
            except serializers.SkipField:
                pass
        if problems:
            raise serializers.ValidationError(problems)
        together: dict[str, Any] = self.validate(checked)
        return together


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


def validated(serializer: StrictSerializer, value: Any) -> dict[str, Any]:
    """The members of a request's body. Raises InvalidInput, which names each that is wrong."""
    try:
        return serializer.run_validation(value)
    except serializers.ValidationError as error:
        raise InvalidInput(problems_of(error)) from error


RESERVE = ReserveSerializer()
RESERVE_CART = ReserveCartSerializer()
TARGET = TargetSerializer()
CONFIRM = ConfirmSerializer()
