"""What the merchant decides about Bling."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from bling_sync import account_setup
from bling_sync.models import Connection, Mode, ModeReason


class BlingForm(forms.Form):
    """How sales reach Bling, whose stock is sold, and when an import stops and asks."""

    mode = forms.ChoiceField(choices=Mode.choices)
    deposit = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    brake_percent = forms.IntegerField(min_value=1, max_value=100)

    def __init__(self, known: Connection, data: QueryDict | None = None) -> None:
        """The form of this connection, with the deposits as we last read them."""
        initial = {"mode": known.mode, "deposit": known.deposit_id, "brake_percent": known.brake_percent}
        super().__init__(data, initial=initial)
        self._known = known
        self.deposits = [(one["id"], one["name"]) for one in known.deposit_choices or []]
        # A deposit that Bling no longer lists can still be kept, or saving another field would change it.
        if known.deposit_id is not None and known.deposit_id not in dict(self.deposits):
            self.deposits.insert(0, (known.deposit_id, known.deposit_name))
        deposit = self.fields["deposit"]
        assert isinstance(deposit, forms.TypedChoiceField)
        deposit.choices = self.deposits

    def clean_deposit(self) -> int | None:
        """The chosen deposit. Raises ValidationError for an empty field where the shop has a deposit already."""
        chosen: int | None = self.cleaned_data["deposit"]
        if chosen is None and self._known.deposit_id is not None:
            raise forms.ValidationError(_("Choose the deposit whose stock the store sells."))
        return chosen

    def save(self) -> None:
        """Change what differs, and leave the rest of the row to the work that goes on."""
        known, wanted = self._known, self.cleaned_data
        if wanted["mode"] != known.mode:
            account_setup.set_mode(known, Mode(wanted["mode"]), ModeReason.MERCHANT)
        if wanted["deposit"] is not None and wanted["deposit"] != known.deposit_id:
            account_setup.choose_deposit(known, wanted["deposit"], dict(self.deposits)[wanted["deposit"]])
        Connection.objects.filter(pk=known.pk, shop_id=known.shop_id).update(brake_percent=wanted["brake_percent"])
