"""A count by hand: somebody has been at the shelf."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from reservations import engine
from reservations.manual_count import MAX_UNITS, check_sku
from reservations.models import Shop, StockItem
from reservations.models.stock import MAX_SKU_LENGTH
from reservations.shopify.catalogue.missing_links import look_for_variants

from .cell_links import address
from .seen_shops import seen_by

if TYPE_CHECKING:
    from .stock_item import StockItemAdmin


class CountForm(forms.Form):
    """How many units of which SKU, in one of `shops`."""

    shop = forms.ModelChoiceField(Shop.objects.none(), label=gettext_lazy("Shop"), empty_label=None)
    # Not stripped: a space at its end is part of a SKU.
    sku = forms.CharField(label="SKU", max_length=MAX_SKU_LENGTH, strip=False, validators=[check_sku])
    quantity = forms.IntegerField(
        label=gettext_lazy("Units counted"), min_value=0, validators=[MaxValueValidator(MAX_UNITS)]
    )

    def __init__(self, shops: QuerySet[Shop], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = shops.order_by("domain")  # type: ignore[attr-defined]


def count_view(model_admin: "StockItemAdmin", request: HttpRequest) -> HttpResponse:
    """Ask for a count and apply it through the engine; the ledger names the operator."""
    if not model_admin.has_count_permission(request):
        raise PermissionDenied
    shops = seen_by(request.user)
    is_sent = request.method == "POST"
    form = CountForm(shops, request.POST) if is_sent else CountForm(shops, initial=request.GET.dict())
    if form.is_valid():
        answer = _apply(request, form.cleaned_data)
        if answer is not None:
            return answer
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Apply a count"),
        "form": form,
        "explanation": _(
            "The count replaces the units on hand. Live reservations keep their units; if the count does not cover "
            "them, the stock item shows a shortfall."
        ),
    }
    return TemplateResponse(request, "admin/bazico/form.html", context)


def _apply(request: HttpRequest, values: dict[str, Any]) -> HttpResponse | None:
    shop, sku = values["shop"], values["sku"]
    try:
        counted = engine.apply_count(
            shop.pk, sku, values["quantity"], reference=f"admin: {request.user.get_username()}"
        )
    except engine.EngineError as error:
        messages.error(request, error.detail(get_language() or "pt-br"))
        return None
    if counted.applied:
        text = _("%(sku)s: %(on_hand)d on hand, %(available)d available.")
        numbers = {"sku": sku, "on_hand": counted.on_hand, "available": counted.available}
        messages.success(request, text % numbers)
        look_for_variants(shop.pk, sku)
    else:
        messages.warning(request, _("%(sku)s has a newer count already: nothing was changed.") % {"sku": sku})
    item = StockItem.objects.get(shop=shop, sku=sku)
    return redirect(address("reservations_stockitem_change", item.pk))
