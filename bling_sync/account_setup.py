"""What is read once after a merchant has connected: whose account it is, how sales reach it, where its stock lies."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models.functions import Now

from plumbing import database_clock
from reservations.shopify.inventory.native_channel import note_native_channel

from .client import pace
from .client.bling_api import Bling
from .errors import AuthorizationLost, BlingError, NotApplied, NotConnected
from .models import Connection, ImportRun, Mode, ModeReason, Product, Push, PushState, RunState
from .resources import channels, company, deposits

logger = logging.getLogger(__name__)

_PRESENT = {ModeReason.SHOPIFY_CHANNEL: True, ModeReason.NO_SHOPIFY_CHANNEL: False}


class WrongCompany(Exception):
    """The merchant authorized another company than the one that this shop's products belong to."""


def bling_of(known: Connection, *, may_write: Callable[[], bool] | None = None) -> Bling:
    """The API for this connection."""
    return Bling(known.shop_id, known.limit_key, may_write=may_write)


def identify(shop_id: int, token: str) -> company.Company:
    """Whose token it is, asked before anything is stored. Raises NotApplied's leaves and Refused."""
    found = company.read(Bling(shop_id, f"shop-{shop_id}", token=token))
    # It was sent before the company was known; it counts all the same.
    pace.count_one(found.id)
    return found


def is_complete(known: Connection) -> bool:
    """Whether everything was read that selling needs."""
    return bool(known.company_id) and known.mode_reason != ModeReason.UNDECIDED and known.deposit_id is not None


def complete(known: Connection) -> Connection:
    """Read what is missing yet; safe to repeat. Raises BlingError when Bling does not answer.

    Where several deposits could be meant the merchant chooses, and `deposit_id` stays empty until then.
    """
    if not known.company_id:
        found = company.read(bling_of(known))
        _change(known, company_id=found.id, company_name=found.name)
        pace.count_one(found.id)
    if known.mode_reason in (ModeReason.UNDECIDED, ModeReason.UNREADABLE):
        mode, reason = decide_mode(bling_of(known))
        set_mode(known, mode, reason)
        present = _PRESENT.get(reason)
        _change(known, shopify_channel=present, channels_read_at=database_clock.now())
        # Bling's own channel writes Shopify's inventory: two writers would fight. What cannot be read is taken as one.
        note_native_channel(known.shop_id, present=present is not False)
    if known.deposit_id is None:
        chosen = unmistakable_deposit(deposits.active(bling_of(known)))
        if chosen is not None:
            _change(known, deposit_id=chosen.id, deposit_name=chosen.name)
    return known


def decide_mode(bling: Bling) -> tuple[Mode, ModeReason]:
    """The mode by what the account's sales channels say; whatever cannot be read is taken as a channel of Shopify's.

    Raises AuthorizationLost and NotConnected, when nothing can be read at all.
    """
    try:
        if channels.has_shopify(bling):
            return Mode.OBSERVE, ModeReason.SHOPIFY_CHANNEL
    except (AuthorizationLost, NotConnected):
        raise
    except BlingError as error:
        logger.warning("bling: shop %s: the sales channels cannot be read: %s", bling.shop_id, error)
        return Mode.OBSERVE, ModeReason.UNREADABLE
    return Mode.MOVEMENT, ModeReason.NO_SHOPIFY_CHANNEL


def set_mode(known: Connection, mode: Mode, reason: ModeReason) -> None:
    """Change the mode. What was not told yet follows it: none of it is in Bling by us."""
    with transaction.atomic():
        _change(known, mode=mode, mode_reason=reason, suggested_mode="")
        pending = Push.objects.filter(shop_id=known.shop_id, state=PushState.PENDING).exclude(mode=mode)
        pending.update(mode=mode, next_attempt_at=Now(), bling_order_id=None, situation=None, by_reservation=False)


def set_deposit(known: Connection, deposit_id: int) -> None:
    """Let the stock of this deposit be the shop's. Raises BlingError, ValueError when there is no such deposit."""
    chosen = next((one for one in deposits.active(bling_of(known)) if one.id == deposit_id), None)
    if chosen is None:
        raise ValueError(f"There is no active deposit {deposit_id} in Bling.")
    if chosen.id != known.deposit_id:
        choose_deposit(known, chosen.id, chosen.name)


def choose_deposit(known: Connection, deposit_id: int, name: str) -> None:
    """Sell the stock of another deposit. What was read of the one before is compared with nothing any more.

    Every product is read at once. An import that is under way ends, because its figures are those of the one before.
    """
    with transaction.atomic():
        _change(known, deposit_id=deposit_id, deposit_name=name)
        forgotten: dict[str, None] = {"anchor_physical": None, "anchor_at": None, "read_started_at": None}
        read = Product.objects.filter(shop_id=known.shop_id)
        read.update(**forgotten, read_ended_at=None, read_due_at=Now(), changed_at=Now())
        running = ImportRun.objects.filter(shop_id=known.shop_id, state=RunState.RUNNING)
        running.update(state=RunState.FAILED, ended_at=Now(), error="another deposit was chosen")


def unmistakable_deposit(found: list[deposits.Deposit]) -> deposits.Deposit | None:
    """The one that is meant without asking: the single default, or the only one."""
    defaults = [one for one in found if one.default]
    candidates = defaults or found
    return candidates[0] if len(candidates) == 1 else None


def require_complete(known: Connection) -> Connection:
    """The connection with everything that reading and writing need. Raises BlingError."""
    complete(known)
    if known.deposit_id is None:
        raise NotApplied("Bling has several deposits: choose one with bling_configure --deposit")
    return known


def _change(known: Connection, **values: object) -> None:
    Connection.objects.filter(pk=known.pk, shop_id=known.shop_id).update(**values)
    for name, value in values.items():
        setattr(known, name, value)
