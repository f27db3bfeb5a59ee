"""Bringing a shop in: its row and its first key, each checked before anything is written."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reservations.models import ApiKey, Shop, hash_key
from reservations.models.shop import SHOP_DOMAIN_PATTERN

# A key that we make has 256 random bits; one that a person brings must at least not be guessed.
SHORTEST_GIVEN_KEY = 24
SHORTEST_GIVEN_KEY_IN_DEVELOPMENT = 8
LONGEST_GIVEN_KEY = 200
LONGEST_DOMAIN = 255
# It travels in a header: visible ASCII, without the space that ends the scheme's name.
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Issued:
    """A key's row, and its plain text, which exists only here: show it once and forget it."""

    key: ApiKey
    raw: str


def clean_domain(text: str) -> str:
    """The domain that `text` means, in lower case as Shopify has it. Raises ValidationError when it is none."""
    domain = text.strip().lower()
    if not re.fullmatch(SHOP_DOMAIN_PATTERN, domain) or len(domain) > LONGEST_DOMAIN:
        raise ValidationError(
            _("%(text)s is not the domain of a shop, which looks like my-shop.myshopify.com."), params={"text": text}
        )
    return domain


def create_shop(domain: str, *, api_key: str | None = None, **values: object) -> tuple[Shop, Issued]:
    """Make a shop with its first API key (`api_key`, or a random one); `values` as :class:`Shop` names its settings.

    Raises ValidationError when the domain is taken or is none, a setting is out of range, or the key cannot be used.
    """
    shop = Shop(domain=clean_domain(domain), **values)
    with transaction.atomic():
        shop.full_clean()
        shop.save()
        return shop, issue_key(shop, key=api_key)


def issue_key(
    shop: Shop, *, name: str = "", requests_per_minute: int | None = None, key: str | None = None
) -> Issued:
    """Make an API key of `shop`: `key`, or a random one. Raises ValidationError when `key` cannot be used."""
    if key is not None:
        check_given_key(key)
    with transaction.atomic():
        issued = Issued(*ApiKey.issue(shop, name, key))
        if requests_per_minute is not None:
            issued.key.requests_per_minute = requests_per_minute
        issued.key.clean_fields()
        issued.key.save()
    return issued


def check_given_key(key: str) -> None:
    """Raise ValidationError unless a person may choose `key`: long enough, fit for a header, and nobody's yet."""
    shortest = SHORTEST_GIVEN_KEY_IN_DEVELOPMENT if settings.DEVELOPMENT else SHORTEST_GIVEN_KEY
    if not shortest <= len(key) <= LONGEST_GIVEN_KEY:
        raise ValidationError(
            _("An API key has %(shortest)d to %(longest)d characters."),
            params={"shortest": shortest, "longest": LONGEST_GIVEN_KEY},
        )
    if not _KEY.fullmatch(key):
        raise ValidationError(_("An API key has visible ASCII characters and no spaces."))
    if ApiKey.objects.filter(hash=hash_key(key)).exists():
        raise ValidationError(_("This API key is in use already: choose another, or leave it out to get a random one."))
