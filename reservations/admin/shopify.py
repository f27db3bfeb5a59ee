"""What Shopify knows of a shop's stock, and what stands in the way. Only the service writes it."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reservations.models import CatalogueWalk, PublishedLevel, ShopifyInstallation, SkuLink, StockItem, VariantGuard

from . import search
from .base import ReadOnlyAdmin
from .filters import Choices, ShopFilter
from .seen_shops import seen_by


class MismatchFilter(admin.SimpleListFilter):
    """What `shopify_sync` reports: variants without a SKU, without stock, or with the SKU of another."""

    title = _("what does not match")
    parameter_name = "mismatch"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        """The three kinds."""
        return [("no_sku", _("no SKU")), ("not_in_stock", _("not in stock")), ("repeated", _("repeated"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SkuLink]) -> QuerySet[SkuLink]:
        """The variants of that kind."""
        of_this_sku = {"shop": OuterRef("shop"), "sku": OuterRef("sku")}
        match self.value():
            case "no_sku":
                return queryset.filter(sku="")
            case "not_in_stock":
                return queryset.exclude(sku="").exclude(Exists(StockItem.objects.filter(**of_this_sku)))
            case "repeated":
                others = SkuLink.objects.filter(**of_this_sku).exclude(variant_id=OuterRef("variant_id"))
                return queryset.exclude(sku="").filter(Exists(others))
        return queryset


@admin.register(ShopifyInstallation)
class ShopifyInstallationAdmin(ReadOnlyAdmin):
    """How the app and its checkout validation stand in each shop. The admin never shows tokens."""

    list_display = ("of_shop", "state", "validation_state", "links_synced_at", "problem")
    list_select_related = ("shop",)
    list_filter = ("state", "validation_state")
    search_fields = ("shop__domain__startswith",)
    ordering = ("-id",)
    fields = (
        "shop",
        "state",
        "problem",
        "links_problem",
        "scopes",
        "installed_at",
        "uninstalled_at",
        "seen_at",
        "access_expires_at",
        "refresh_expires_at",
        "validation_state",
        "validation_checked_at",
        "links_synced_at",
        "orders_checked_until",
    )
    readonly_fields = fields


@admin.register(CatalogueWalk)
class CatalogueWalkAdmin(ReadOnlyAdmin):
    """How far the reading of each shop's catalogue is; why it failed stands with the installation."""

    list_display = ("of_shop", "variants", "asked_at", "began_at", "ended_at", "failures", "retry_at")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    search_fields = ("shop__domain__startswith",)
    ordering = ("-id",)
    fields = ("shop", "variants", "asked_at", "began_at", "ended_at", "failures", "retry_at")
    readonly_fields = fields


@admin.register(SkuLink)
class SkuLinkAdmin(ReadOnlyAdmin):
    """Which variant sells which SKU."""

    list_display = ("sku", "variant_id", "product_id", "tracked", "continues_selling", "synced_at", "of_shop")
    list_select_related = ("shop",)
    list_filter = (MismatchFilter, ShopFilter)
    search_fields = ("sku",)
    search_help_text = _("A SKU or its beginning, or the number of a variant, a product or an inventory item.")
    ordering = ("-id",)
    fields = (
        "sku",
        "shop",
        "variant_id",
        "product_id",
        "inventory_item_id",
        "tracked",
        "tracked_at",
        "continues_selling",
        "policy_at",
        "sku_since",
        "synced_at",
        "related",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Variants by SKU, or by one of Shopify's numbers, alone or in a global id."""
        term = search_term.strip()
        return (search.links(queryset, term, seen_by(request.user)) if term else queryset), False


@admin.register(VariantGuard)
class VariantGuardAdmin(ReadOnlyAdmin):
    """The facts that the checkout has of each variant, and why the last write failed."""

    list_display = ("variant_id", "value", "written_at", "failures", "problem", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    search_fields = ("=variant_id",)
    ordering = ("-id",)
    fields = ("variant_id", "shop", "value", "ledger_position", "next_expiry", "written_at", "problem", "related")
    readonly_fields = fields


@admin.register(PublishedLevel)
class PublishedLevelAdmin(ReadOnlyAdmin):
    """What Shopify shows of each inventory item that this app writes."""

    list_display = ("inventory_item_id", "location_id", "seen", "seen_at", "failures", "problem", "of_shop")
    list_select_related = ("shop",)
    list_filter = (ShopFilter,)
    search_fields = ("=inventory_item_id",)
    ordering = ("-id",)
    fields = ("inventory_item_id", "location_id", "shop", "seen", "seen_at", "retry_at", "failures", "problem")
    readonly_fields = fields
