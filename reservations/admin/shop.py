"""Shops and what their merchants decided."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from reservations.models import Shop
from reservations.new_shop import clean_domain, setting_fields

from .base import BoundedAdmin
from .seen_shops import sees_every_shop


class ShopForm(forms.ModelForm):
    """A shop's settings. An operator types the domain in any case; the form stores it as Shopify writes it."""

    class Meta:
        model = Shop
        fields = ("domain", *(field.name for field in setting_fields()))

    def clean_domain(self) -> str:
        """The domain in lower case. Raises ValidationError."""
        return clean_domain(self.cleaned_data["domain"])


@admin.register(Shop)
class ShopAdmin(BoundedAdmin):
    """An operator adds and configures shops, and never deletes one: its ledger stays."""

    form = ShopForm
    list_display = ("domain", "name", "hold_seconds", "hold_ceiling_seconds", "max_units_per_line", "created_at")
    search_fields = ("domain__startswith", "name__istartswith")
    ordering = ("domain",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The domain of a shop never changes."""
        return ("domain", "created_at") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The settings; for an existing shop also the date it was added."""
        return (*ShopForm.Meta.fields, "created_at") if obj else ShopForm.Meta.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever sees some shops alone would not find the new one again."""
        return super().has_add_permission(request) and sees_every_shop(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a shop by hand."""
        return False
