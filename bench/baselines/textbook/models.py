"""The stock as most engineers would write it."""

import uuid

from django.db import models


class Stock(models.Model):
    """One SKU."""

    sku = models.CharField(max_length=255, unique=True)
    on_hand = models.IntegerField()
    reserved = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.sku

    @property
    def available(self) -> int:
        """Units that may be promised."""
        return self.on_hand - self.reserved


class Reservation(models.Model):
    """Units held for a buyer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    stock = models.ForeignKey(Stock, models.PROTECT)
    quantity = models.IntegerField()
    status = models.CharField(max_length=16, default="active")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Movement(models.Model):
    """One row of the ledger."""

    stock = models.ForeignKey(Stock, models.PROTECT)
    reservation = models.ForeignKey(Reservation, models.PROTECT)
    reserved_delta = models.IntegerField()
    reserved = models.IntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.stock_id}: {self.reserved_delta:+}"
