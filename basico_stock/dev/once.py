"""The promise, kept before your eyes: the last unit is sold once. `python -m basico_stock.dev.once`, against bin/dev.

Every call goes over HTTP to the running service. The walk uses the engine only to make the shop and the counts, and the
database only to read the ledger and the audit's verdict.
"""

import os
import secrets
import sys
import time
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING

import django

from basico_stock.dev.buyers import Answer, Buyer, race

if TYPE_CHECKING:
    from reservations.models import Shop

BUYERS = 50
SHORT_HOLD_SECONDS = 1
USUAL_HOLD_SECONDS = 600


class Broken(Exception):
    """The service gave another answer than it promises; the message says which."""


def main() -> int:
    """Show the walk and the race; return 0 when every promise was kept."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
    django.setup()
    key = f"once-{secrets.token_urlsafe(24)}"
    try:
        shop = _make_shop(key)
        buyer = Buyer(os.environ["HOST"], int(os.environ["PORT"]), key)
        _sell_the_last_unit(shop, buyer)
        _pay_too_late(shop, buyer)
        _race(shop, buyer)
        _audit(shop)
    except Broken as broken:
        print(f"PROMISE BROKEN: {broken}")
        return 1
    print("The last unit was sold once.")
    return 0


def _make_shop(key: str) -> "Shop":
    """Make a shop of its own, so that the demo shop stays as it is."""
    from reservations.models import Shop

    domain = f"bazico-once-{secrets.token_hex(4)}.myshopify.com"
    _manage("create_shop", domain, "--api-key", key)
    return Shop.objects.get(domain=domain)


def _hold(shop: "Shop", seconds: int) -> None:
    _manage("configure_shop", shop.domain, "--hold-seconds", str(seconds))


def _manage(*arguments: str) -> None:
    from django.core.management import call_command

    call_command(*arguments, stdout=StringIO())


def _sell_the_last_unit(shop: "Shop", buyer: Buyer) -> None:
    from reservations import engine

    engine.apply_count(shop.pk, "LAST-UNIT", 1)
    print("One unit of LAST-UNIT is left.")
    ana = _expect(200, "Ana reserves it", buyer.reserve("LAST-UNIT"))
    _expect(409, "Beto reserves it", buyer.reserve("LAST-UNIT"))
    _expect(200, "Ana pays", buyer.confirm(ana.body["reservation_id"]))
    _expect(200, "Ana's payment arrives twice", buyer.confirm(ana.body["reservation_id"]))


def _pay_too_late(shop: "Shop", buyer: Buyer) -> None:
    from reservations import engine

    engine.apply_count(shop.pk, "SLOW-PAYER", 1)
    _hold(shop, SHORT_HOLD_SECONDS)
    print(f"One unit of SLOW-PAYER is left, and a hold lasts {SHORT_HOLD_SECONDS} s.")
    carla = _expect(200, "Carla reserves it", buyer.reserve("SLOW-PAYER"))
    time.sleep(SHORT_HOLD_SECONDS + 0.2)
    _expect(410, "Carla pays too late", buyer.confirm(carla.body["reservation_id"]))
    _expect(200, "Davi reserves it", buyer.reserve("SLOW-PAYER"))


def _race(shop: "Shop", buyer: Buyer) -> None:
    from reservations import engine

    engine.apply_count(shop.pk, "RACE", 1)
    _hold(shop, USUAL_HOLD_SECONDS)
    print(f"One unit of RACE is left, and {BUYERS} buyers reserve it in the same instant.")
    answers = race(buyer, "RACE", BUYERS)
    statuses = Counter(answer.status for answer in answers)
    print("  " + ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items())))
    if statuses != {200: 1, 409: BUYERS - 1}:
        raise Broken(f"expected 1 x 200 and {BUYERS - 1} x 409")
    winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
    reservation = answers[winner].body["reservation_id"]
    print(f"  Buyer {winner + 1} won, with reservation {reservation}.")
    _show_ledger(shop, reservation)


def _show_ledger(shop: "Shop", reservation: str) -> None:
    from reservations.models import StockMovement

    for row in StockMovement.objects.filter(shop=shop, reservation_id=reservation):
        print(
            f"  Ledger row {row.position}: {row.kind}, on hand {row.on_hand}, reserved {row.reserved}, "
            f"in flight {row.in_flight}, {row.at:%Y-%m-%d %H:%M:%S.%f} UTC"
        )


def _audit(shop: "Shop") -> None:
    from reservations import engine

    findings = engine.audit(shop.pk)
    for finding in findings:
        print(f"  {finding}")
    print(f"Audit: {len(findings)} differences between counters, reservations and ledger.")
    if findings:
        raise Broken("the audit found differences")


def _expect(status: int, deed: str, answer: Answer) -> Answer:
    print(f"  {deed}: {answer}")
    if answer.status != status:
        raise Broken(f"{deed}: expected {status}, got {answer.status}")
    return answer


if __name__ == "__main__":
    sys.exit(main())
