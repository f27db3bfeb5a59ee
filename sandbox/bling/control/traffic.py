"""The registration of the app, and the webhooks on their way."""

from sandbox.bling.bling import Bling
from sandbox.bling.control.bling_panel import as_json, order, routes
from sandbox.stand_in.order_fields import no_content
from sandbox.web import Request, Response, json_response, update


@routes("POST", "app")
def set_app(bling: Bling, request: Request) -> Response:
    """Set the registration: client_id, client_secret, callback_url, webhooks_url, resources."""
    update(bling.app, order(request))
    return json_response(200, as_json(bling.app) | {"client_secret": "***"})


@routes("POST", "webhooks")
def set_manners(bling: Bling, request: Request) -> Response:
    """Set how webhooks travel: lag_min, lag_max, duplicated, shuffled, shuffle_seconds, lost, paused, retries."""
    update(bling.deliveries.manners, order(request))
    bling.deliveries.wake()
    return json_response(200, as_json(bling.deliveries.manners))


@routes("POST", "webhooks/wait")
def wait(bling: Bling, request: Request) -> Response:
    """Wait up to `seconds` (default 10) until no webhook is under way; says whether that came true."""
    return json_response(200, {"idle": bling.deliveries.wait_idle(float(order(request).get("seconds", 10)))})


@routes("GET", "webhooks")
def webhooks(bling: Bling, request: Request) -> Response:
    """The webhooks made so far, with their bodies and what each try was answered (0: nothing)."""
    sent = [
        {
            "event": d.topic,
            "account": d.account,
            "body": d.body.decode(),
            "statuses": d.statuses,
            "given_up": d.given_up,
        }
        for d in list(bling.deliveries.sent)
    ]
    return json_response(200, {"webhooks": sent, "under_way": bling.deliveries.under_way()})


@routes("POST", "webhooks/forget")
def forget(bling: Bling, request: Request) -> Response:
    """Clear the list of webhooks made so far."""
    bling.deliveries.sent.clear()
    return no_content()
