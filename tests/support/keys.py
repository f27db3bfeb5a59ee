"""Idempotency keys for tests, with readable answers."""

import hashlib

from reservations import engine


def render(outcome: engine.Outcome) -> engine.Answer | None:
    """Render ids or the code as the body; as in the API, only 200, 404 and 410 are stored."""
    if isinstance(outcome, engine.EngineError):
        return engine.Answer(outcome.status, outcome.code.encode()) if outcome.status in (404, 410) else None
    return engine.Answer(200, ",".join(str(held.reservation_id) for held in outcome).encode())


def key(name: str, body: str = "", credential: str = "key:1") -> engine.Idempotency:
    """The key `name`, as if sent with `body`."""
    return engine.Idempotency(credential, name, hashlib.sha256(body.encode()).digest(), render)
