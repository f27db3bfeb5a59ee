"""The stock of one SKU and its ledger."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .shop import Shop

MAX_SKU_LENGTH = 255


class StockItem(models.Model):
    """The three numbers of one SKU in one shop. Whoever changes them locks this row.

    ``available = on_hand - reserved - in_flight``, in units. It may be negative: a count from the ERP can fall below
    what we have promised. That is a shortfall to show, never a reason to refuse the count.

    ``owed`` is no part of that formula: it says how many of the next free units belong to paid orders that lack one, so
    that whoever locks the row knows it without a question. 0 where the shop has switched that off.

    ``sells_without_stock`` stands here for the same reason. The links of the SKU say it: each of its variants continues
    selling when out of stock, or is not tracked. Then nothing is held or refused, and ``available`` below zero is no
    shortfall.

    ``anonymous`` is a part of ``reserved``, so that whoever locks the row knows how much of it shoppers without a
    customer number hold together.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="stock_items", db_index=False, verbose_name=_("shop"))
    sku = models.CharField("SKU", max_length=MAX_SKU_LENGTH)
    on_hand = models.IntegerField(_("on hand"), default=0, help_text=_("The last count of the ERP or the merchant."))
    reserved = models.IntegerField(_("reserved"), default=0, help_text=_("Units in active reservations."))
    in_flight = models.IntegerField(
        _("in flight"), default=0, help_text=_("Net units sold that the last count does not show yet.")
    )
    owed = models.IntegerField(
        _("owed to paid orders"),
        default=0,
        db_default=0,
        help_text=_("Units that paid orders lack. The next free ones are theirs."),
    )
    # Part of what is in flight, as of the last count: the ERP says so with each count.
    in_doubt = models.IntegerField(
        _("in doubt"), default=0, db_default=0, help_text=_("Units in flight that the last count may show already.")
    )
    doubt_until = models.DateTimeField(_("in doubt until"), null=True, blank=True)
    sells_without_stock = models.BooleanField(
        _("sells without stock"),
        default=False,
        db_default=False,
        help_text=_("Every variant of it at Shopify continues selling when out of stock, or is not tracked."),
    )
    anonymous = models.IntegerField(
        _("held by shoppers without a number"),
        default=0,
        db_default=0,
        help_text=_("Part of the reserved units: those of shoppers who are not signed in."),
    )
    ledger_position = models.BigIntegerField(_("ledger position"), default=0, help_text=_("Its last ledger row."))
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True, help_text=_("When that read started."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")
        constraints = [
            models.UniqueConstraint(fields=["shop", "sku"], name="stockitem_one_row_per_sku"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stockitem_reserved_not_negative"),
            models.CheckConstraint(condition=Q(owed__gte=0), name="stockitem_owed_not_negative"),
            models.CheckConstraint(condition=Q(ledger_position__gte=0), name="stockitem_position_not_negative"),
            models.CheckConstraint(condition=~Q(sku=""), name="stockitem_sku_not_empty"),
        ]
        # Few rows at any time; a sale changes none of its columns.
        indexes = [
            models.Index(fields=["shop"], name="stockitem_owes", condition=Q(owed__gt=0)),
            # For the list of them: mostly a few of many.
            models.Index(fields=["shop", "sku"], name="stockitem_without_stock", condition=Q(sells_without_stock=True)),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def available(self) -> int:
        """Units that may be promised, before dead holds are reclaimed; negative in a shortfall."""
        return self.on_hand - self.reserved - self.in_flight


class MovementKind(models.TextChoices):
    """Why the numbers moved."""

    COUNT = "count", _("count")
    RESERVED = "reserved", _("reserved")
    CHANGED = "changed", _("quantity changed")
    CONFIRMED = "confirmed", _("confirmed")
    RELEASED = "released", _("released")
    EXPIRED = "expired", _("expired")
    SOLD = "sold", _("sold without a hold")
    TAKEN_BACK = "taken_back", _("taken back")
    SHORTFALL = "shortfall", _("shortfall")
    SETTLED = "settled", _("shortfall settled")  # by a person, outside the stock
    RESCUED = "rescued", _("sold to an order that lacked it")  # paid before a unit was free
    EXTENDED = "extended", _("given more time")  # by a person; a buyer's own extension leaves no row


# A count can confirm the old number and a return can find nothing to return; a shortfall never enters the numbers, and
# an extension moves no units.
MAY_MOVE_NOTHING = [
    MovementKind.COUNT,
    MovementKind.SHORTFALL,
    MovementKind.SETTLED,
    MovementKind.EXTENDED,
    MovementKind.TAKEN_BACK,
]


class StockMovement(models.Model):
    """One row of the append-only ledger: three deltas, and the three balances after them.

    ``position`` numbers the rows of one stock item from 1 without a gap, so a missing or a forked row cannot hide.
    The database refuses UPDATE, DELETE and TRUNCATE, and any row that does not continue the one before it.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("shop")
    )
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, related_name="movements", db_index=False, db_constraint=False, verbose_name="SKU"
    )
    position = models.BigIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=16, choices=MovementKind)
    on_hand_delta = models.IntegerField(_("on hand ±"), default=0)
    reserved_delta = models.IntegerField(_("reserved ±"), default=0)
    in_flight_delta = models.IntegerField(_("in flight ±"), default=0)
    on_hand = models.IntegerField(_("on hand"))
    reserved = models.IntegerField(_("reserved"))
    in_flight = models.IntegerField(_("in flight"))
    # No foreign key: the ledger outlives whatever it names.
    reservation_id = models.UUIDField(_("reservation"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=255, blank=True, default="")
    at = models.DateTimeField(_("at"), help_text=_("The database's clock, read under the lock."))

    class Meta:
        verbose_name = _("ledger row")
        verbose_name_plural = _("ledger")
        constraints = [
            models.UniqueConstraint(fields=["shop", "stock_item", "position"], name="movement_one_row_per_position"),
            models.UniqueConstraint(
                fields=["shop", "stock_item", "reference"],
                condition=Q(kind=MovementKind.TAKEN_BACK),
                name="movement_taken_back_once",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="movement_position_from_one"),
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values), name="movement_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=MAY_MOVE_NOTHING) | ~Q(on_hand_delta=0, reserved_delta=0, in_flight_delta=0),
                name="movement_moves_something",
            ),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="movement_reserved_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "reservation_id"],
                name="movement_of_reservation",
                condition=Q(reservation_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stock_item_id}#{self.position} {self.kind}"

    @property
    def available(self) -> int:
        """Units that could be promised after this row."""
        return self.on_hand - self.reserved - self.in_flight
