"""How Bling treats the app: limits, each account's treatment, and what its authorization server does."""

from dataclasses import asdict

from sandbox.bling.bling import Bling
from sandbox.bling.control.bling_panel import account_asked, account_of, panel
from sandbox.stand_in.order_fields import no_content, order, refuse, update
from sandbox.web import Request, Response, json_response

PREVIOUS = ("refused", "accepted", "revokes")


@panel("POST", "limits")
def set_limits(bling: Bling, request: Request) -> Response:
    """Set requests_per_second, requests_per_day (null lifts one), address_blocks; forgets what was counted."""
    update(bling.turnstile.limits, order(request))
    bling.turnstile.open_again()
    return json_response(200, asdict(bling.turnstile.limits))


@panel("POST", "behaviour")
def set_behaviour(bling: Bling, request: Request) -> Response:
    """Set how Bling treats an account: reservation, read_lag, order_lag, missing_scopes, hidden_products, ..."""
    body = order(request)
    account = account_of(bling, body)
    with bling.lock:
        update(account.behaviour, body)
    return json_response(200, asdict(account.behaviour))


@panel("GET", "behaviour")
def behaviour(bling: Bling, request: Request) -> Response:
    """How Bling treats an account."""
    return json_response(200, asdict(account_asked(bling, request).behaviour))


@panel("POST", "oauth")
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


@panel("POST", "oauth/revoke")
def revoke(bling: Bling, request: Request) -> Response:
    """The merchant takes the authorization back."""
    bling.authority.revoke_account(account_of(bling, order(request)).id)
    return no_content()
