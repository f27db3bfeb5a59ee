"""Create a shop: its row and its first API key, each checked before anything is written."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from reservations.api_keys import Issued, issue_key
from reservations.models import Shop
from reservations.models.shop import SHOP_DOMAIN_PATTERN

LONGEST_DOMAIN = 255


def clean_domain(text: str) -> str:
    """The domain that `text` means, in lower case as Shopify writes it. Raises ValidationError when it is none."""
    domain = text.strip().lower()
    if not re.fullmatch(SHOP_DOMAIN_PATTERN, domain) or len(domain) > LONGEST_DOMAIN:
        raise ValidationError(
            _("“%(text)s” is not the domain of a shop, which looks like my-shop.myshopify.com."), params={"text": text}
        )
    return domain


def setting_fields() -> "list[Field[Any, Any]]":
    """The fields of a shop that its merchant decides. The domain is no setting: it identifies the shop for ever."""
    return [field for field in Shop._meta.concrete_fields if field.editable and field.name not in ("id", "domain")]


def create_shop(domain: str, *, api_key: str | None = None, **values: object) -> tuple[Shop, Issued]:
    """Make a shop with its first API key (`api_key`, or a random one); `values` as :class:`Shop` names its settings.

    Raises ValidationError when the domain is taken or is none, a setting is out of range, or the key cannot be used.
    """
    shop = Shop(domain=clean_domain(domain), **values)
    if Shop.objects.filter(domain=shop.domain).exists():
        raise ValidationError(_("The shop %(domain)s exists already."), params={"domain": shop.domain})
    with transaction.atomic():
        shop.full_clean()
        shop.save()
        return shop, issue_key(shop, key=api_key)
