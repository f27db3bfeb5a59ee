"""What the model says about a request, and whether the engine said the same."""

from dataclasses import dataclass, field
from uuid import UUID

from reservations import engine

from .requests import Request, render
from .rules import Refused, Reservation
from .shop import Shop

KEPT = {"unknown_sku", "unknown_reservation", "reservation_expired"}


@dataclass
class Verdict:
    """One of three: these reservations, each as it stood; a refusal; the answer given before."""

    holds: list[tuple[Reservation, str, int, str]] = field(default_factory=list)
    refusal: Refused | None = None
    replay_of: str = ""
    # The idempotency key under which the answer is stored from now on.
    kept_as: str = ""


@dataclass
class Judge:
    """Runs the model beside the engine, and knows which reservation of one is which of the other."""

    shop: Shop
    ids: dict[Reservation, UUID] = field(default_factory=dict)
    # For each idempotency key, the request that brought it and the answer to that.
    kept: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, engine.Answer | None] = field(default_factory=dict)

    def expect(self, request: Request) -> Verdict:
        """Carry the request out in the model."""
        self.shop.now += 0.001
        if request.key in self.kept:
            same = self.kept[request.key] == request.fingerprint
            return Verdict(replay_of=request.key) if same else Verdict(refusal=Refused("idempotency_key_reused"))
        try:
            found = request.of_model(self.shop)
            verdict = Verdict([(held, held.sku, held.quantity, held.status(self.shop.now)) for held in found])
        except Refused as refusal:
            verdict = Verdict(refusal=refusal)
        if request.key and (verdict.refusal is None or verdict.refusal.code in KEPT):
            self.kept[request.key] = request.fingerprint
            verdict.kept_as = request.key
        return verdict

    def compare(self, request: Request, verdict: Verdict, result: engine.Outcome | engine.AlreadyAnswered) -> None:
        """Fail if the engine's result is not the model's."""
        if isinstance(result, engine.AlreadyAnswered):
            assert verdict.replay_of, (request.text, verdict)
            assert result.answer == self.answers[verdict.replay_of]
            return
        assert not verdict.replay_of, (request.text, result)
        if isinstance(result, engine.EngineError):
            assert verdict.refusal, (request.text, result)
            self._compare_refusal(verdict.refusal, result)
        else:
            assert verdict.refusal is None, (request.text, verdict.refusal, result)
            self._compare_holds(verdict, result)
        if verdict.kept_as:
            self.answers[verdict.kept_as] = render(result)

    def _compare_refusal(self, expected: Refused, refusal: engine.EngineError) -> None:
        assert refusal.code == expected.code
        if isinstance(refusal, engine.HoldLimitReached):
            assert {refusal.sku, refusal.budget, refusal.remaining} == expected.about
        elif isinstance(refusal, engine.OutOfStock):
            assert {line.sku for line in refusal.lines} == expected.about
        elif isinstance(refusal, engine.UnknownSku | engine.CartLimitExceeded):
            assert expected.about == {refusal.sku}
        elif expected.about:
            assert isinstance(refusal, engine.ReservationError)
            named = {known for known, _ in refusal.reservations}
            # The engine may not have shown the id of a sale without a hold yet.
            known = {self.ids[held] for held in expected.about if isinstance(held, Reservation) and held in self.ids}
            assert known <= named
            assert len(named) == len(expected.about)

    def _compare_holds(self, verdict: Verdict, holds: tuple[engine.Reservation, ...]) -> None:
        expected = sorted(verdict.holds, key=lambda told: told[1])
        for (held, *facts), hold in zip(expected, sorted(holds, key=lambda hold: hold.sku), strict=True):
            assert [hold.sku, hold.quantity, hold.status] == facts
            assert self.ids.setdefault(held, hold.reservation_id) == hold.reservation_id
