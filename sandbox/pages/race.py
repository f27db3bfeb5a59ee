"""`/sandbox/`: real HTTP clients want the last unit in the same instant, before your eyes."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_POST

from basico_stock.dev.buyers import Answer, Buyer, race
from reservations import engine
from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Reservation, Shop, Status, StockMovement

from .at_home import at_home, own_page_only
from .look import language_of, show

SKU = "ANA-BETO"
CROWD = 50
# One race at a time on this machine: the next one takes the unit back from the one before.
LOCK, LOCK_SECONDS = "bazico:sandbox:race", 60


@dataclass(frozen=True, slots=True)
class Run:
    """One buyer's run: the name, the answer, and whether the buyer holds the unit."""

    name: str
    answer: Answer

    @property
    def won(self) -> bool:
        """Whether the unit is theirs."""
        return self.answer.status == 200

    @property
    def body(self) -> str:
        """The answer's body as it reads."""
        return json.dumps(self.answer.body, indent=1, ensure_ascii=False)


@at_home
def start(request: HttpRequest) -> HttpResponse:
    """The newcomer's page."""
    return show(request, "sandbox/race.html", "race", crowd=CROWD, has_shop=_demo_shop() is not None)


@require_POST
@own_page_only
def run(request: HttpRequest) -> HttpResponse:
    """Two buyers, or `buyers=50`, ask for one unit; the answer is a piece of the page."""
    shop = _demo_shop()
    if shop is None:
        return HttpResponse(status=409)
    names = ["Ana", "Beto"] if request.POST.get("buyers") != str(CROWD) else [str(n + 1) for n in range(CROWD)]
    with redis.Redis.from_url(settings.REDIS_URL).lock(LOCK, timeout=LOCK_SECONDS):
        _leave_one_unit(shop)
        buyer = Buyer("127.0.0.1", settings.PORT, settings.DEMO_API_KEY)
        runs = [Run(*pair) for pair in zip(names, race(buyer, SKU, len(names)), strict=True)]
        context = {"runs": runs, "pair": len(runs) == 2, **_verdict(shop, runs)}
    with translation.override(language_of(request)):
        return render(request, "sandbox/race_result.html", context)


def _demo_shop() -> Shop | None:
    return Shop.objects.filter(domain=DEMO_DOMAIN).first()


def _leave_one_unit(shop: Shop) -> None:
    held = Reservation.objects.filter(shop=shop, stock_item__sku=SKU, status=Status.ACTIVE).values_list("id", flat=True)
    for reservation_id in held:
        try:
            engine.release(shop.pk, engine.ByIds((reservation_id,)), reason="sandbox")
        except engine.EngineError:
            continue  # its time was over in this moment
    engine.apply_count(shop.pk, SKU, 1, reference="sandbox")


def _verdict(shop: Shop, runs: Sequence[Run]) -> dict[str, object]:
    """What the ledger and the audit say of this race."""
    held = [run.answer.body["reservation_id"] for run in runs if run.won]
    counted = Counter(run.answer.status for run in runs)
    return {
        "winners": [run for run in runs if run.won],
        "statuses": sorted(counted.items()),
        "ledger": StockMovement.objects.filter(shop=shop, reservation_id__in=held).order_by("position"),
        "numbers": engine.stock(shop.pk, SKU),
        "findings": engine.audit(shop.pk),
        "kept": counted == {200: 1, 409: len(runs) - 1},
    }
