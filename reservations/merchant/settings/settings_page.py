"""``/app/settings/``: show, check and save."""

from contextlib import suppress

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.utils.translation import gettext as _

from reservations import engine
from reservations.merchant.frame.merchant_page import page
from reservations.merchant.frame.visit import Visit
from reservations.models import Shop, ShopifyInstallation

from .announced_limits import announced
from .rules_form import SettingsForm

_INVALID = 422


@page
def settings_page(visit: Visit) -> HttpResponse:
    """Show the form. A POST saves it, or shows it again with each error beside its field."""
    # A copy of the row: an invalid form writes into it, and the page must not take that for the shop's settings.
    shop = Shop.objects.get(pk=visit.shop.pk)
    if not visit.sends:
        return _form(visit, SettingsForm(instance=shop))
    form = SettingsForm(visit.request.POST, instance=shop)
    if not form.is_valid():
        return _form(visit, form, status=_INVALID)
    # These columns alone: another person may be changing others.
    shop.save(update_fields=list(form.fields))
    if "rescue_paid_orders" in form.changed_data:
        # At once for the first hundred SKUs; the sweep does the rest, and all where the stock is busy.
        with suppress(engine.EngineError):
            engine.rescue(shop.pk)
    return visit.done(_("The settings were saved."))


def _locations(shop: Shop, chosen: str) -> list[dict[str, str]]:
    """The shop's locations to choose from; none before Shopify told us. The chosen one is among them, gone or not."""
    told = ShopifyInstallation.objects.filter(shop=shop).values_list("locations", flat=True).first() or []
    known = [{"id": str(one["id"]), "name": one["name"]} for one in told]
    if known and chosen and chosen not in {one["id"] for one in known}:
        known.append({"id": chosen, "name": chosen})
    return known


def _form(visit: Visit, form: SettingsForm, status: int = 200) -> HttpResponse:
    errors = {name: " ".join(dict.fromkeys(str(text) for text in texts)) for name, texts in form.errors.items()}
    context = {
        "form": form,
        "value": form.written(),
        "errors": errors,
        "general": errors.get(NON_FIELD_ERRORS, ""),
        "announced": announced(visit.shop),
        "locations": _locations(visit.shop, form.written()["inventory_location_id"]),
    }
    return visit.page("merchant/settings/page.html", context, status)
