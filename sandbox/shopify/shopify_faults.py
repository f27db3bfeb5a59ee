"""The misbehaviours that the stand-in knows, by name."""

from collections.abc import Mapping

from sandbox.web import Fault, Handle, Misbehaviour, Response, json_response
from sandbox.web.faults import common


def server_error() -> Response:
    """Something broke on Shopify's side."""
    return json_response(500, {"errors": "Internal Server Error"})


def _too_many(fault: Fault, handle: Handle) -> Response:
    wait = f"{fault.seconds or 1.0:.1f}"
    return json_response(429, {"errors": "Exceeded 2 calls per second for api client."}, {"Retry-After": wait})


def _inside(code: str, message: str) -> Misbehaviour:
    """HTTP 200 with an error inside, before any effect."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return lambda fault, handle: json_response(200, body)


MISBEHAVIOUR: Mapping[str, Misbehaviour] = {
    **common(server_error),
    "too_many": _too_many,
    "throttled": lambda fault, handle: json_response(
        200,
        {
            "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
            "extensions": {
                "cost": {
                    "requestedQueryCost": 10,
                    "actualQueryCost": None,
                    "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 0, "restoreRate": 100.0},
                }
            },
        },
    ),
    "internal": _inside("INTERNAL_SERVER_ERROR", "Internal error. Looks like something went wrong on our end."),
    "unavailable": lambda fault, handle: Response(503, b"<html>Service Unavailable</html>", {"Retry-After": "1"}),
    "bad_gateway": lambda fault, handle: Response(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"}),
    "unauthorized": lambda fault, handle: json_response(401, {"errors": "[API] Invalid API key or access token"}),
}
