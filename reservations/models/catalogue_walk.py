"""How far we are in reading a shop's catalogue at Shopify."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop


class CatalogueWalk(models.Model):
    """The newest walk through a shop's catalogue at Shopify, page by page; one row per shop.

    A walk is due while ``asked_at`` is later than ``began_at``, and under way from ``began_at`` until ``ended_at`` is
    set. ``cursor`` is where the next page begins, ``variants`` how many were read so far. Whoever reads has the lease,
    and moves the cursor in the transaction that makes the page's links; so where a worker dies, the next one goes on.
    After a failure the walk waits until ``retry_at``; the installation keeps the reason (``links_problem``).
    """

    shop = models.OneToOneField(
        Shop, models.PROTECT, related_name="catalogue_walk", db_constraint=False, verbose_name=_("shop")
    )
    asked_at = models.DateTimeField(_("asked for at"), null=True, blank=True)
    began_at = models.DateTimeField(_("began at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    cursor = models.TextField(blank=True, default="", editable=False)
    variants = models.PositiveIntegerField(_("variants read"), default=0)
    retry_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    lease = models.UUIDField(editable=False, null=True)
    lease_until = models.DateTimeField(editable=False, null=True)

    class Meta:
        verbose_name = _("walk through a catalogue")
        verbose_name_plural = _("walks through catalogues")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__isnull=False), name="cataloguewalk_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.variants}"

    @property
    def is_under_way(self) -> bool:
        """Whether it has begun and not ended."""
        return self.began_at is not None and self.ended_at is None

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody asked for a walk that has not begun yet."""
        return self.asked_at is not None and (self.began_at is None or self.began_at < self.asked_at)


# The same two in SQL: walks that a worker has to take further.
UNFINISHED = (
    Q(began_at__isnull=False, ended_at=None) | Q(asked_at__isnull=False, began_at=None) | Q(asked_at__gt=F("began_at"))
)
