"""Units of one SKU held for one buyer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .shop import Shop
from .stock import StockItem


class Status(models.TextChoices):
    """A reservation's life; each of the last three is an end, and ends never change."""

    # With a context: Django translates "active" too, of users, and that is another word in Portuguese.
    ACTIVE = "active", pgettext_lazy("reservation", "active")  # -> confirmed | released | expired
    CONFIRMED = "confirmed", _("confirmed")  # the purchase closed
    RELEASED = "released", _("released")  # given back by its buyer or the merchant
    EXPIRED = "expired", _("expired")  # its time was over


class HeldBy(models.TextChoices):
    """Who asked for a hold."""

    SHOP = "", _("the shop's server")
    CUSTOMER = "customer", _("a customer with a number")
    ANONYMOUS = "anonymous", _("a shopper without a number")


class Reservation(models.Model):
    """A hold, and once confirmed a sale.

    A hold dies at ``expires_at`` by the database's clock, whether or not a job has written ``expired`` yet.
    ``returned`` counts the units of a confirmed sale that came back. The ceiling of extensions counts from
    ``created_at``. ``sold_before`` marks units of an older order that came back: their sale was before the first count
    here and moved nothing, only their return does.

    ``customer_key`` and ``address_key`` are keyed hashes of who holds, for the budgets of
    :mod:`reservations.engine.hold_budgets`. They go with the hold's end, and when an order takes the hold over.
    """

    id = models.UUIDField(primary_key=True)
    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="reservations", db_index=False, db_constraint=False, verbose_name=_("shop")
    )
    stock_item = models.ForeignKey(
        StockItem, models.PROTECT, related_name="reservations", db_index=False, db_constraint=False, verbose_name="SKU"
    )
    cart_token = models.UUIDField(_("cart"), null=True, blank=True)
    quantity = models.IntegerField(_("quantity"))
    returned = models.IntegerField(_("units returned"), default=0)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    order_id = models.CharField(_("order"), max_length=255, blank=True, default="")
    sold_before = models.BooleanField(_("sold before the stock was counted"), default=False, db_default=False)
    held_by = models.CharField(
        _("held by"), max_length=16, choices=HeldBy, blank=True, default=HeldBy.SHOP, db_default=HeldBy.SHOP
    )
    customer_key = models.BigIntegerField(null=True, blank=True, editable=False)
    address_key = models.BigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "cart_token", "stock_item"],
                # Carts only: without the second half the planner may walk this index for other queries about a SKU.
                # What an unpaid order took over is its own: the cart may hold anew.
                condition=Q(status=Status.ACTIVE, cart_token__isnull=False, order_id=""),
                name="reservation_one_hold_per_cart_and_sku",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_quantity_positive"),
            models.CheckConstraint(
                condition=Q(returned=0) | Q(returned__gt=0, returned__lte=F("quantity"), status=Status.CONFIRMED),
                name="reservation_returned_within_sale",
            ),
            models.CheckConstraint(
                condition=Q(sold_before=False) | Q(status=Status.CONFIRMED, returned=F("quantity")),
                name="reservation_sold_before_is_returned",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="reservation_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.ACTIVE, ended_at__isnull=True)
                | (~Q(status=Status.ACTIVE) & Q(ended_at__isnull=False)),
                name="reservation_end_has_its_time",
            ),
        ]
        indexes = [
            # The living holds have three indexes, each with a condition that says the same in other words: of a cart
            # "active" (the constraint above), of a stock item "without an end", of a shop both. So a planner with
            # statistics from before a sale, which believes that hardly any hold lives, cannot answer the question for
            # one cart or one SKU by reading all of them. Queries name the words of their index.
            # Of an item: the dead holds that the lock's holder reclaims, and when the next unit may come free.
            models.Index(
                fields=["stock_item", "expires_at"],
                name="reservation_dying_by_item",
                condition=Q(ended_at__isnull=True),
            ),
            # For the expiry sweep and the merchant's lists, shop by shop.
            models.Index(
                fields=["shop", "expires_at"],
                name="reservation_living_by_shop",
                condition=Q(status="active", ended_at__isnull=True),
            ),
            # Every hold of a cart, even ended ones: a repeated confirm must find them.
            models.Index(
                fields=["shop", "cart_token"], name="reservation_of_cart", condition=Q(cart_token__isnull=False)
            ),
            # For the merchant's pages: what ended lately, and how. A row enters only when it ends.
            models.Index(fields=["shop", "ended_at"], name="reservation_ended", condition=~Q(status="active")),
            models.Index(fields=["shop", "order_id"], name="reservation_of_order", condition=~Q(order_id="")),
            # What one shopper holds. Only living holds have these keys, and those of the shop's servers have none.
            models.Index(
                fields=["shop", "customer_key"],
                name="reservation_of_customer",
                condition=Q(customer_key__isnull=False),
            ),
            models.Index(
                fields=["shop", "address_key"], name="reservation_of_address", condition=Q(address_key__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
