"""The filters of the lists."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plumbing.whole_number import whole_number
from reservations.api_keys import usable_keys
from reservations.models import ApiKey, Reservation, Shortfall, Status, WebhookDelivery
from reservations.shopify.webhooks.topics import HANDLERS

from .seen_shops import seen_by

# A longer list helps nobody; the address still reaches the shops left out.
MOST_SHOPS = 100
Choices = list[tuple[str, Any]]


class ShopFilter(admin.SimpleListFilter):
    """One shop's rows. The list offers it when there are several shops."""

    title = _("shop")
    parameter_name = "shop"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """The shops that this member of staff sees."""
        shops = seen_by(request.user).order_by("domain").values_list("pk", "domain")
        return [(str(pk), domain) for pk, domain in shops[:MOST_SHOPS]]

    def has_output(self) -> bool:
        """One shop is no choice, unless the address names it."""
        return self.value() is not None or len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        """The shop's rows. Raises IncorrectLookupParameters, which the admin answers itself."""
        value = self.value()
        if value is None:
            return queryset
        shop_id = whole_number(value)
        if shop_id is None:
            raise IncorrectLookupParameters
        return queryset.filter(shop=shop_id)


class StatusFilter(admin.SimpleListFilter):
    """Reservations by the database's clock: a dead hold counts as expired before any job has written so."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """The four states."""
        return list(Status.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reservation]) -> QuerySet[Reservation]:
        """The reservations in that state."""
        dead = Q(status=Status.ACTIVE, ended_at=None, expires_at__lte=Now())
        match self.value():
            case None:
                return queryset
            case Status.ACTIVE:
                return queryset.filter(status=Status.ACTIVE, ended_at=None, expires_at__gt=Now())
            case Status.EXPIRED:
                return queryset.filter(Q(status=Status.EXPIRED) | dead)
            case status:
                return queryset.filter(status=status)


class TopicFilter(admin.SimpleListFilter):
    """One topic's webhooks. The code knows the topics; asking the table would read all of it."""

    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """Every topic with a handler."""
        return [(topic, topic) for topic in HANDLERS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        """The topic's deliveries."""
        return queryset.filter(topic=self.value()) if self.value() in HANDLERS else queryset


class RevokedFilter(admin.SimpleListFilter):
    """API keys that still open their shop, and those that do not."""

    title = _("state")
    parameter_name = "revoked"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """In use or not."""
        return [("no", _("In use")), ("yes", _("Revoked or ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        """The keys."""
        match self.value():
            case "no":
                return queryset.filter(pk__in=usable_keys().values("pk"))
            case "yes":
                return queryset.exclude(pk__in=usable_keys().values("pk"))
            case _:
                return queryset


class ShortfallFilter(admin.SimpleListFilter):
    """Stock that the shop promised and does not have."""

    title = _("shortfall")
    parameter_name = "shortfall"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """The two kinds of shortfall."""
        return [("negative", _("Available below zero")), ("orders", _("Paid orders without a unit"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The stock items with that kind of shortfall."""
        match self.value():
            case "negative":
                # Dead holds only add to what is free, so the plain columns rule most rows out first.
                below = queryset.filter(on_hand__lt=F("reserved") + F("in_flight") - F("in_doubt"))
                return below.filter(free__lt=0)
            case "orders":
                shortfalls = open_shortfalls().filter(shop=OuterRef("shop"), stock_item=OuterRef("pk"))
                return queryset.filter(Exists(shortfalls))
            case _:
                return queryset


class OpenFilter(admin.SimpleListFilter):
    """Shortfalls that somebody still has to resolve."""

    title = pgettext_lazy("of a shortfall", "settled")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """Open or resolved."""
        return [("yes", _("To be settled")), ("no", _("Settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Shortfall]) -> QuerySet[Shortfall]:
        """The shortfalls."""
        match self.value():
            case "yes":
                return queryset.filter(resolved_at=None, quantity__gt=0)
            case "no":
                return queryset.exclude(resolved_at=None, quantity__gt=0)
            case _:
                return queryset


def open_shortfalls() -> QuerySet[Shortfall]:
    """Shortfalls of paid orders that still lack their units."""
    return Shortfall.objects.filter(resolved_at=None, quantity__gt=0)
