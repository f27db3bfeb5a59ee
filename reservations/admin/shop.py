"""Shops and what their merchants decided."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from reservations.models import Shop
from reservations.new_shop import clean_domain, setting_fields

from .base import BoundedAdmin


class ShopForm(forms.ModelForm):
    """A shop's settings; the domain is typed as people like and stored as Shopify has it."""

    class Meta:
        model = Shop
        fields = ("domain", *(field.name for field in setting_fields()))

    def clean_domain(self) -> str:
        """The domain in lower case. Raises ValidationError."""
        return clean_domain(self.cleaned_data["domain"])


@admin.register(Shop)
class ShopAdmin(BoundedAdmin):
    """A shop is added and configured, never deleted: its ledger stays."""

    form = ShopForm
    list_display = ("domain", "name", "hold_seconds", "hold_ceiling_seconds", "max_units_per_line", "created_at")
    search_fields = ("domain__startswith", "name__istartswith")
    ordering = ("domain",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A shop is known by its domain for ever."""
        return ("domain", "created_at") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The settings, and for a shop that exists since when."""
        return (*ShopForm.Meta.fields, "created_at") if obj else ShopForm.Meta.fields

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a shop by hand."""
        return False
