"""Idempotency keys for tests, with answers that can be read."""

import hashlib

from reservations import engine


def render(outcome: engine.Outcome) -> engine.Answer | None:
    """Ids or the code as the body; as in the API, only 200, 404 and 410 are kept."""
    if isinstance(outcome, engine.EngineError):
        return engine.Answer(outcome.status, outcome.code.encode()) if outcome.status in (404, 410) else None
    return engine.Answer(200, ",".join(str(held.reservation_id) for held in outcome).encode())


def key(name: str, body: str = "", credential: str = "key:1") -> engine.Idempotency:
    """The key `name`, sent with `body`."""
    return engine.Idempotency(credential, name, hashlib.sha256(body.encode()).digest(), render)
