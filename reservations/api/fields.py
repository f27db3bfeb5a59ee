"""Members of a body, each of exactly one JSON type: nothing is converted, trimmed or guessed."""

import re
from typing import Any, NoReturn
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from .limits import MAX_ORDER_ID_LENGTH, MAX_QUANTITY, MAX_SKU_LENGTH, TEXT_PATTERN
from .sku import is_sku

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_ORDER_ID = re.compile(rf"[^\x00-\x1f\x7f-\x9f]{{1,{MAX_ORDER_ID_LENGTH}}}")


def parse_uuid(text: str) -> UUID | None:
    """The UUID that `text` spells in the usual way, in letters of either case, or None."""
    return UUID(text) if _UUID.fullmatch(text) else None


class StrictField(serializers.Field[Any, Any, Any, Any]):
    """A field whose problems are known by their code alone; :mod:`.input_problems` has the words."""

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        """Raise a ValidationError with the code `key`."""
        raise serializers.ValidationError("", code=key)

    def run_validation(self, data: Any = empty) -> Any:
        """The value, or the field's default. Raises ValidationError, or SkipField where it may be left out."""
        if data is empty:
            return self.fail("required") if self.required else self.get_default()
        if data is None:  # leaving a member out and sending null are two different things
            self.fail("null")
        return self.to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        """Fields of requests are never written out."""
        return value


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY})
class QuantityField(StrictField):
    """Units: a JSON integer from 1 up. ``true``, ``1.0``, ``1e0`` and ``"1"`` are none."""

    def to_internal_value(self, data: Any) -> int:
        """The units."""
        if type(data) is not int:
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
