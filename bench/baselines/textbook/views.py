"""Lock, check, insert, update, in one transaction a request."""

from datetime import timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.baselines.textbook.models import Movement, Reservation, Stock

HOLD = timedelta(minutes=10)


class ReserveSerializer(serializers.Serializer):
    """The request's body."""

    quantity = serializers.IntegerField(min_value=1, default=1)


class ReservationSerializer(serializers.ModelSerializer):
    """The answer's body."""

    reservation_id = serializers.UUIDField(source="id")
    sku = serializers.CharField(source="stock.sku")

    class Meta:
        model = Reservation
        fields = ["reservation_id", "sku", "quantity", "status", "expires_at"]


class ReserveView(APIView):
    """Holds units of one SKU."""

    def post(self, request: Request, sku: str) -> Response:
        """Reserve, or refuse when too few units are available."""
        asked = ReserveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        quantity = asked.validated_data["quantity"]
        with transaction.atomic():
            stock = get_object_or_404(Stock.objects.select_for_update(), sku=sku)
            if stock.available < quantity:
                return Response({"code": "out_of_stock", "available": stock.available}, status=status.HTTP_409_CONFLICT)
            reservation = Reservation.objects.create(stock=stock, quantity=quantity, expires_at=timezone.now() + HOLD)
            stock.reserved += quantity
            stock.save(update_fields=["reserved"])
            Movement.objects.create(
                stock=stock, reservation=reservation, reserved_delta=quantity, reserved=stock.reserved
            )
        return Response(ReservationSerializer(reservation).data)
