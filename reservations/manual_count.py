"""Check what a person counts before `engine.apply_count`, which itself accepts whatever an ERP says."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plumbing.whole_number import whole_number
from reservations.models.stock import MAX_SKU_LENGTH

# Far above any shelf, and far enough below PostgreSQL's integer that no sum of balances leaves it.
MAX_UNITS = 1_000_000_000
# No control characters, and no lone surrogates, which a terminal makes of bytes that are not UTF-8.
_SKU = re.compile(rf"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{{1,{MAX_SKU_LENGTH}}}")


def check_sku(sku: str) -> None:
    """Raise ValidationError unless `sku` can be a SKU."""
    if not _SKU.fullmatch(sku):
        raise ValidationError(
            _("A SKU has 1 to %(longest)d characters and no control characters."), params={"longest": MAX_SKU_LENGTH}
        )


def check_quantity(text: str) -> int:
    """The units that `text` says: plain digits, 0 or more. Raises ValidationError."""
    units = whole_number(text, most=MAX_UNITS)
    if units is None:
        raise ValidationError(_("The quantity is a whole number from 0 to %(most)d."), params={"most": MAX_UNITS})
    return units
