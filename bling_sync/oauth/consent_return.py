"""A merchant comes back from Bling's consent page with a code: once, within a minute."""

import logging
import time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from bling_sync import account_setup
from bling_sync.errors import BlingError, ReadFailed
from bling_sync.models import Connection, ConnectionState, Product, Push, PushState
from bling_sync.resources.company import Company

from . import token_address, token_pair

logger = logging.getLogger(__name__)

# While Bling is slower than this to say who it is, the merchant does not wait for the rest.
PATIENCE_SECONDS = 5.0


def connect(shop_id: int, code: str) -> Connection:
    """Exchange the code and connect the shop; a worker reads what Bling does not say at once.

    Raises BlingError when Bling gives no tokens, or when we cannot read their company for a shop that already has one's
    products (the merchant begins anew), WrongCompany when the shop's products belong to another company.
    """
    pair = token_address.exchange_code(code)
    began = time.monotonic()
    found = _identify(shop_id, pair.access)
    known = _store(shop_id, pair, found)
    if found and time.monotonic() - began < PATIENCE_SECONDS:
        _complete(known)
    return known


def _complete(known: Connection) -> None:
    try:
        account_setup.complete(known)
    except BlingError as error:
        logger.warning("bling: shop %s is connected, the rest is read later: %s", known.shop_id, error)


def _identify(shop_id: int, token: str) -> Company | None:
    try:
        return account_setup.identify(shop_id, token)
    except BlingError as error:
        logger.warning("bling: shop %s: its company could not be read yet: %s", shop_id, error)
        return None


@transaction.atomic
def _store(shop_id: int, pair: token_address.TokenPair, found: Company | None) -> Connection:
    Connection.objects.bulk_create([Connection(shop_id=shop_id)], ignore_conflicts=True)
    known = Connection.objects.get(shop_id=shop_id)
    if known.company_id and Product.objects.filter(shop_id=shop_id).exists():
        _require_the_same(known, found)
    # The code brought a grant of its own: whatever is being renewed at this moment belongs to the former one.
    changes: dict[str, Any] = {"token_generation": F("token_generation") + 1, "wait_until": None, "failures": 0}
    # What this answer to the merchant does not wait for, a worker reads.
    changes["setup_due_at"] = Now()
    # If we could not read the company, we must not assume that it is the former one.
    changes |= {"company_id": found.id, "company_name": found.name} if found else {"company_id": "", "company_name": ""}
    rows = Connection.objects.filter(shop_id=shop_id)
    rows.update(state=ConnectionState.CONNECTED, connected_at=Now(), **changes)
    # What waited for the merchant to come back waits no longer.
    Push.objects.filter(shop_id=shop_id, state=PushState.PENDING).update(next_attempt_at=Now())
    known.refresh_from_db()
    if not token_pair.save(known, pair):
        raise RuntimeError("the connection changed while it was locked")
    known.refresh_from_db()
    return known


def _require_the_same(known: Connection, found: Company | None) -> None:
    """Sales of one company's products are never told to another. Raises ReadFailed, WrongCompany."""
    if found is None:
        raise ReadFailed("whose account it is could not be read, and this shop has products of a company")
    if known.company_id != found.id:
        raise account_setup.WrongCompany(known.company_name or known.company_id)
