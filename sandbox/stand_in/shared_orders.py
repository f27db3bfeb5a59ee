"""The orders that every stand-in obeys: misbehave, move the clock, register the app, send webhooks otherwise."""

from dataclasses import asdict
from typing import Any

from sandbox.stand_in.memory import Memory
from sandbox.stand_in.order_fields import build, no_content, order, refuse, update
from sandbox.web import Fault, Request, Response, Routes, json_response

WAIT_SECONDS = 10

routes: Routes[Memory[Any]] = Routes()


@routes("POST", "faults")
def add_fault(stand_in: Memory[Any], request: Request) -> Response:
    """Misbehave: kind, on ("POST /estoques", a prefix, or "re:..."), times, skip, probability, seconds, account."""
    fault = build(Fault, order(request))
    if fault.kind not in stand_in.misbehaviour:
        raise refuse(f"unknown kind: {fault.kind}; known: {', '.join(sorted(stand_in.misbehaviour))}")
    stand_in.faults.add(fault)
    return json_response(201, asdict(fault))


@routes("GET", "faults")
def faults(stand_in: Memory[Any], request: Request) -> Response:
    """The faults asked for, with how often each has hit; and the kinds that there are."""
    asked = [asdict(fault) for fault in stand_in.faults.listed()]
    return json_response(200, {"faults": asked, "kinds": sorted(stand_in.misbehaviour)})


@routes("POST", "faults/clear")
def clear_faults(stand_in: Memory[Any], request: Request) -> Response:
    """Behave again. With `seed`, begin the sequence of chances anew."""
    stand_in.faults.clear()
    stand_in.faults.seed(order(request).get("seed", 0))
    return no_content()


@routes("POST", "clock")
def skip_time(stand_in: Memory[Any], request: Request) -> Response:
    """Move the clock forward by `seconds`: tokens grow old, limits and points recover."""
    stand_in.clock.skip(float(order(request).get("seconds", 0)))
    return json_response(200, {"now": stand_in.clock.now()})


@routes("POST", "app")
def set_app(stand_in: Memory[Any], request: Request) -> Response:
    """Set fields of the app's registration: client_id, client_secret, webhooks_url, ...; the answer names them all."""
    update(stand_in.app, order(request))
    registered = asdict(stand_in.app)
    return json_response(200, {name: "***" if "secret" in name else value for name, value in registered.items()})


@routes("GET", "requests")
def requests(stand_in: Memory[Any], request: Request) -> Response:
    """Every request in order, those with a number above `after`: time, account, status (0: cut), fault."""
    return json_response(200, {"requests": stand_in.journal.as_json(int(request.one("after") or 0))})


@routes("POST", "webhooks")
def set_manners(stand_in: Memory[Any], request: Request) -> Response:
    """Set how webhooks travel: lag_min, lag_max, duplicated, shuffled, shuffle_seconds, lost, paused, retries."""
    update(stand_in.deliveries.manners, order(request))
    stand_in.deliveries.wake()
    return json_response(200, asdict(stand_in.deliveries.manners))


@routes("POST", "webhooks/wait")
def wait(stand_in: Memory[Any], request: Request) -> Response:
    """Wait up to `seconds` (default 10) until no webhook is under way; says whether that came true."""
    seconds = float(order(request).get("seconds", WAIT_SECONDS))
    return json_response(200, {"idle": stand_in.deliveries.wait_idle(seconds)})


@routes("GET", "webhooks")
def webhooks(stand_in: Memory[Any], request: Request) -> Response:
    """The webhooks made so far, with their bodies and what each try was answered (0: nothing)."""
    sent = [
        stand_in.webhook_record(delivery)
        | {"body": delivery.body.decode(), "statuses": delivery.statuses, "given_up": delivery.given_up}
        for delivery in list(stand_in.deliveries.sent)
    ]
    return json_response(200, {"webhooks": sent, "under_way": stand_in.deliveries.under_way()})


@routes("POST", "webhooks/forget")
def forget(stand_in: Memory[Any], request: Request) -> Response:
    """Clear the list of webhooks made so far."""
    stand_in.deliveries.sent.clear()
    return no_content()
