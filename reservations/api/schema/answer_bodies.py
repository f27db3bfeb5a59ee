"""The bodies of answers, for the schema. Nothing is rendered through them; a test holds real answers against them."""

from typing import Any

from rest_framework import serializers

Body = serializers.Serializer[Any]


class Stock(Body):
    """One SKU, in units. ``quantity`` = on_hand - reserved - in_flight, never below 0."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField(min_value=0, help_text="Units that can be reserved now")
    on_hand = serializers.IntegerField(help_text="The ERP's last count")
    reserved = serializers.IntegerField(min_value=0, help_text="Units in living reservations")
    in_flight = serializers.IntegerField(help_text="Units sold, net of returns, that the count does not show yet")
    sells_without_stock = serializers.BooleanField(
        required=False, help_text="True where buyers may have any quantity: `quantity` then limits nobody"
    )


class Reservation(Body):
    """Units held for one buyer, or what became of them."""

    reservation_id = serializers.UUIDField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)
    status = serializers.ChoiceField(choices=["active", "confirmed", "released", "expired"])
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    cart_token = serializers.UUIDField(allow_null=True)
    order_id = serializers.CharField(allow_null=True)


class Reserved(Reservation):
    """Units held for one buyer; of a SKU that sells without stock, ``not_needed`` and no id: nothing has to be held."""

    reservation_id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=["active", "not_needed"])
    expires_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)


class ReservedCart(Body):
    """What became of a cart, SKU by SKU."""

    reservations = Reserved(many=True)


class Reservations(Body):
    """The reservations that were meant."""

    reservations = Reservation(many=True)


class Confirmed(Reservations):
    """What is sold now."""

    status = serializers.ChoiceField(choices=["confirmed"])


class Released(Reservations):
    """What is free again."""

    status = serializers.ChoiceField(choices=["released"])


class Extended(Reservations):
    """What lives longer."""

    status = serializers.ChoiceField(choices=["extended"])


class ValidatedLine(Body):
    """One SKU as this cart sees it, in units."""

    sku = serializers.CharField()
    requested = serializers.IntegerField(min_value=1, help_text="Units in the cart, lines of one SKU summed")
    held = serializers.IntegerField(min_value=0, help_text="Units in this cart's living reservations")
    available = serializers.IntegerField(min_value=0, help_text="Units that nobody holds")
    ok = serializers.BooleanField(help_text="`held` covers what is asked for, or `held` and `available` together do")
    sells_without_stock = serializers.BooleanField(
        required=False, help_text="True where the shop sells it whatever the stock, so that it is `ok`"
    )
    reason = serializers.CharField(allow_null=True, help_text="Why not, for the shopper, in the caller's language")
    retry_at = serializers.DateTimeField(
        required=False, help_text="When the first unit that others hold may come free, where that is why"
    )


class ValidatedCart(Body):
    """Whether every line of a cart would get its units now."""

    cart_token = serializers.UUIDField()
    ok = serializers.BooleanField()
    lines = ValidatedLine(many=True)


class Health(Body):
    """The process answers."""

    status = serializers.ChoiceField(choices=["ok"])


class Check(Body):
    """One part that the service needs."""

    status = serializers.CharField(help_text="ok, starting, or what is wrong")
    heartbeat_age_seconds = serializers.FloatField(allow_null=True, required=False)


class Checks(Body):
    """All parts that the service needs."""

    database = Check()
    broker = Check()
    worker = Check()


class Readiness(Body):
    """Every part answers."""

    status = serializers.ChoiceField(choices=["ready"])
    checks = Checks()
