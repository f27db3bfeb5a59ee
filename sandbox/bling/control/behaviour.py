"""How the stand-in behaves: faults, limits, clock, and each account's treatment."""

from sandbox.bling.bling import Bling
from sandbox.bling.bling_faults import MISBEHAVIOUR
from sandbox.bling.control.bling_panel import account_asked, account_of, as_json, order, routes
from sandbox.stand_in.order_fields import no_content, refuse
from sandbox.web import Fault, Request, Response, build, json_response, update

PREVIOUS = ("refused", "accepted", "revokes")


@routes("POST", "faults")
def add_fault(bling: Bling, request: Request) -> Response:
    """Misbehave: kind, on ("POST /estoques", a prefix, or "re:..."), times, skip, probability, seconds, account."""
    fault = build(Fault, order(request))
    if fault.kind not in MISBEHAVIOUR:
        raise refuse(f"unknown kind: {fault.kind}; known: {', '.join(sorted(MISBEHAVIOUR))}")
    bling.faults.add(fault)
    return json_response(201, as_json(fault))


@routes("GET", "faults")
def faults(bling: Bling, request: Request) -> Response:
    """The misbehaviours asked for, with how often each has hit; and the kinds that there are."""
    return json_response(200, {"faults": [as_json(f) for f in bling.faults.listed()], "kinds": sorted(MISBEHAVIOUR)})


@routes("POST", "faults/clear")
def clear_faults(bling: Bling, request: Request) -> Response:
    """Behave again. With `seed`, begin the sequence of chances anew."""
    bling.faults.clear()
    bling.faults.seed(order(request).get("seed", 0))
    return no_content()


@routes("POST", "limits")
def set_limits(bling: Bling, request: Request) -> Response:
    """Set requests_per_second, requests_per_day (null lifts one), address_blocks; what was counted is forgotten."""
    update(bling.turnstile.limits, order(request))
    bling.turnstile.open_again()
    return json_response(200, as_json(bling.turnstile.limits))


@routes("POST", "behaviour")
def set_behaviour(bling: Bling, request: Request) -> Response:
    """Set how an account is treated: reservation, read_lag, order_lag, missing_scopes, hidden_products, ..."""
    body = order(request)
    account = account_of(bling, body)
    with bling.lock:
        update(account.behaviour, body)
    return json_response(200, as_json(account.behaviour))


@routes("GET", "behaviour")
def behaviour(bling: Bling, request: Request) -> Response:
    """How an account is treated."""
    return json_response(200, as_json(account_asked(bling, request).behaviour))


@routes("POST", "clock")
def skip_time(bling: Bling, request: Request) -> Response:
    """Move the clock forward by `seconds`: tokens, codes and blocks grow old."""
    bling.clock.skip(float(order(request).get("seconds", 0)))
    return json_response(200, {"now": bling.clock.now()})


@routes("POST", "oauth")
def set_oauth(bling: Bling, request: Request) -> Response:
    """Set `previous_refresh_token` (refused, accepted, revokes), `denies`, `signed_in` (a companyId)."""
    body = order(request)
    previous = body.get("previous_refresh_token", bling.authority.previous_refresh)
    if previous not in PREVIOUS:
        raise refuse(f"previous_refresh_token is one of {', '.join(PREVIOUS)}")
    bling.authority.previous_refresh = previous
    bling.denies = bool(body.get("denies", bling.denies))
    bling.signed_in = bling.account(body.get("signed_in", bling.signed_in)).id
    return no_content()


@routes("POST", "oauth/revoke")
def revoke(bling: Bling, request: Request) -> Response:
    """The merchant takes the authorization back."""
    bling.authority.revoke_account(account_of(bling, order(request)).id)
    return no_content()
