"""What we read once a merchant has connected: the company, how sales reach it, and the deposit with its stock."""

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
    """Read which company the token belongs to, before we store anything. Raises NotApplied's leaves and Refused."""
    found = company.read(Bling(shop_id, f"shop-{shop_id}", token=token))
    # We sent that request before we knew the company; Bling counts it all the same.
    pace.count_one(found.id)
    return found


def is_complete(known: Connection) -> bool:
    """Whether we have read everything that selling needs."""
    return bool(known.company_id) and known.mode_reason != ModeReason.UNDECIDED and known.deposit_id is not None


def complete(known: Connection) -> Connection:
    """Read what the set-up still lacks; safe to repeat. Raises BlingError when Bling does not answer.

    With several possible deposits the merchant chooses, and `deposit_id` stays empty until then.
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
        # Bling's own channel writes Shopify's inventory, and two writers would fight. If we cannot read the channels,
        # we assume that there is one.
        note_native_channel(known.shop_id, present=present is not False)
    if known.deposit_id is None:
        chosen = unmistakable_deposit(deposits.active(bling_of(known)))
        if chosen is not None:
            _change(known, deposit_id=chosen.id, deposit_name=chosen.name)
    return known


def decide_mode(bling: Bling) -> tuple[Mode, ModeReason]:
    """Choose the mode by the account's sales channels; if Bling will not list them, assume one of Shopify's.

    Raises AuthorizationLost and NotConnected, when we can read nothing at all.
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
    """Change the mode. Pushes that we have not sent follow it, since nothing of theirs is in Bling through us."""
    with transaction.atomic():
        _change(known, mode=mode, mode_reason=reason, suggested_mode="")
        pending = Push.objects.filter(shop_id=known.shop_id, state=PushState.PENDING).exclude(mode=mode)
        pending.update(mode=mode, next_attempt_at=Now(), bling_order_id=None, situation=None, by_reservation=False)


def set_deposit(known: Connection, deposit_id: int) -> None:
    """Sell the stock of this deposit. Raises BlingError, and ValueError when Bling has no such active deposit."""
    chosen = next((one for one in deposits.active(bling_of(known)) if one.id == deposit_id), None)
    if chosen is None:
        raise ValueError(f"There is no active deposit {deposit_id} in Bling.")
    if chosen.id != known.deposit_id:
        choose_deposit(known, chosen.id, chosen.name)


def choose_deposit(known: Connection, deposit_id: int, name: str) -> None:
    """Sell the stock of another deposit, and forget the former one's readings: no comparison may use them.

    Every product is read at once. A running import ends, because its figures are the former deposit's.
    """
    with transaction.atomic():
        _change(known, deposit_id=deposit_id, deposit_name=name)
        forgotten: dict[str, None] = {"anchor_physical": None, "anchor_at": None, "read_started_at": None}
        forgotten |= {"base_virtual": None, "base_physical": None, "base_at": None, "others_since": None}
        read = Product.objects.filter(shop_id=known.shop_id)
        read.update(**forgotten, read_ended_at=None, read_due_at=Now(), changed_at=Now())
        running = ImportRun.objects.filter(shop_id=known.shop_id, state=RunState.RUNNING)
        running.update(state=RunState.FAILED, ended_at=Now(), error="another deposit was chosen")


def unmistakable_deposit(found: list[deposits.Deposit]) -> deposits.Deposit | None:
    """The deposit that needs no question: the single default, or the only one; None when the merchant has to choose."""
    defaults = [one for one in found if one.default]
    candidates = defaults or found
    return candidates[0] if len(candidates) == 1 else None


def require_complete(known: Connection) -> Connection:
    """Complete the set-up; return the connection with all that reading and writing need. Raises BlingError."""
    complete(known)
    if known.deposit_id is None:
        raise NotApplied("Bling has several deposits: choose one with bling_configure --deposit")
    return known


def _change(known: Connection, **values: object) -> None:
    Connection.objects.filter(pk=known.pk, shop_id=known.shop_id).update(**values)
    for name, value in values.items():
        setattr(known, name, value)
