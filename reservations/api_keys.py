"""Issue, rotate and revoke API keys. We show a key once and store only its hash."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least, Now
from django.utils.translation import gettext as _

from reservations.models import ApiKey, Scope, Shop, hash_key

# A key that we make has 256 random bits; one that a person brings must at least be hard to guess.
SHORTEST_GIVEN_KEY = 24
SHORTEST_GIVEN_KEY_IN_DEVELOPMENT = 8
LONGEST_GIVEN_KEY = 200
# How long a key goes on after another has replaced it: time to bring the new one to every server.
OVERLAP = timedelta(days=1)
LONGEST_OVERLAP = timedelta(days=30)
# It travels in a header: visible ASCII, without the space that ends the scheme's name.
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Issued:
    """A key's row and its plain text, which exists only here: show it once and forget it."""

    key: ApiKey
    raw: str


def issue_key(
    shop: Shop,
    *,
    name: str = "",
    scopes: Collection[str] = (Scope.ALL,),
    requests_per_minute: int | None = None,
    key: str | None = None,
) -> Issued:
    """Make an API key for `shop`: `key`, or a random one. Raises ValidationError for a value that cannot be used."""
    if key is not None:
        check_given_key(key)
    with transaction.atomic():
        issued = Issued(*ApiKey.issue(shop, name, key, scopes))
        issued.key.requests_per_minute = requests_per_minute
        issued.key.clean_fields()
        issued.key.save(update_fields=["requests_per_minute"])
    return issued


def check_given_key(key: str) -> None:
    """Raise ValidationError unless a person may choose `key`: long enough, fit for a header, and not yet in use."""
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


@transaction.atomic
def rotate_key(key: ApiKey, overlap: timedelta) -> Issued:
    """Make a key that may do what `key` may, and let `key` end after `overlap`; until then both open the shop.

    One that ends sooner anyway keeps its end. Raises ValidationError for a key that is revoked or has ended.
    """
    ends_at = Least(Now() + overlap, F("ends_at"))  # of NULL and a time it is the time
    if not usable_keys().filter(pk=key.pk, shop=key.shop_id).update(ends_at=ends_at):
        raise ValidationError(_("This API key was revoked or has ended: make a new one."))
    key.refresh_from_db()
    return issue_key(key.shop, name=key.name, scopes=key.scopes, requests_per_minute=key.requests_per_minute)


def usable_keys() -> QuerySet[ApiKey]:
    """The keys that open their shop now, by the database's clock."""
    return ApiKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), revoked_at=None)


def revoke_key(key: ApiKey) -> bool:
    """Refuse `key` from now on (each web process within a second); False when it was revoked before."""
    return ApiKey.objects.filter(pk=key.pk, shop=key.shop_id, revoked_at=None).update(revoked_at=Now()) == 1
