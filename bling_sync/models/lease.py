"""Who does a piece of work at this moment."""

from django.db import models

from reservations.models import Shop


class Lease(models.Model):
    """The right to do the work `name` for a shop until `until`; whoever dies with it blocks nobody for long."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=32)
    holder = models.UUIDField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="bling_lease_one_per_work")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.name}"
