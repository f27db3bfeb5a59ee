"""``/app/bling/settings/``: the mode and why, the deposit, the brake."""

from django.db.models.functions import Now
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bling_sync.models import Connection, Mode
from reservations.merchant.frame.merchant_page import action, page
from reservations.merchant.frame.visit import Visit

from .bling_settings_form import BlingForm
from .connection_summary import live_connection

_INVALID = 422


@page
def bling_settings(visit: Visit) -> HttpResponse:
    """The form; after a POST what was saved, or the form again with each error beside its field."""
    known = live_connection(visit.shop)
    if not visit.sends:
        return _form(visit, known, BlingForm(known))
    form = BlingForm(known, visit.request.POST)
    if not form.is_valid():
        return _form(visit, known, form, _INVALID)
    form.save()
    return visit.done(_("The settings were saved."))


@action
def deposits_wanted(visit: Visit) -> HttpResponse:
    """Ask a worker for Bling's deposits as they are now."""
    known = live_connection(visit.shop)
    Connection.objects.filter(pk=known.pk, shop=visit.shop).update(setup_due_at=Now())
    return visit.done(_("Reading the deposits from Bling. They are here within seconds."))


def modes() -> list[tuple[str, str, str]]:
    """Each mode with its name and what it does, in the merchant's words."""
    return [
        (Mode.OBSERVE.value, _("Only watch"), _("We write nothing to Bling and watch for its orders.")),
        (Mode.MOVEMENT.value, _("Book each sale"), _("Each confirmed sale is booked out of Bling's stock.")),
        (Mode.ORDER.value, _("Make orders"), _("Each confirmed sale becomes a sales order in Bling.")),
    ]


def _form(visit: Visit, known: Connection, form: BlingForm, status: int = 200) -> HttpResponse:
    errors = {name: " ".join(str(text) for text in texts) for name, texts in form.errors.items()}
    value = {name: str("" if form[name].value() is None else form[name].value()) for name in form.fields}
    context = {"connection": known, "form": form, "value": value, "errors": errors, "modes": modes()}
    return visit.page("merchant/bling/settings.html", context, status)
