"""The misbehaviours that the stand-in knows, by name."""

from collections.abc import Mapping

from sandbox.bling import errors
from sandbox.web import Misbehaviour, Response, json_response
from sandbox.web.faults import common

MISBEHAVIOUR: Mapping[str, Misbehaviour] = {
    **common(errors.server_error),
    "too_many": lambda fault, handle: errors.too_many(3, errors.SECOND),
    "too_many_today": lambda fault, handle: errors.too_many(120_000, errors.DAY),
    "unauthorized": lambda fault, handle: errors.unauthorized().response,
    "forbidden": lambda fault, handle: errors.edge_block(),
    "bad_gateway": lambda fault, handle: Response(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"}),
    # A success that does not name what was made.
    "empty": lambda fault, handle: json_response(handle().status, {"data": {}}),
}
