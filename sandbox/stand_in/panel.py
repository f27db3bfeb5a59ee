"""The control panel: the addresses below /_control/, through which a test or a person commands a stand-in."""

from typing import Any, TypeVar

from sandbox.stand_in.memory import Memory
from sandbox.stand_in.shared_orders import routes as shared
from sandbox.web import Request, Response, Routes, json_response

PREFIX = "/_control/"

StandIn = TypeVar("StandIn", bound=Memory[Any])


class Panel(Routes[StandIn]):
    """The orders that every stand-in obeys, and those that one of them adds. None counts as a request to the service.

    `GET /_control/` lists them all, each with a line about its fields. Errors are 400 with `detail`.
    """

    def __init__(self) -> None:
        """Begin with the orders that every stand-in obeys."""
        super().__init__()
        self.include(shared)

    def answer(self, stand_in: StandIn, request: Request) -> Response:
        """Carry out one order. Raises Refusal."""
        path = request.path.removeprefix(PREFIX)
        if path == "" and request.method == "GET":
            return json_response(200, self.summaries)
        found = self.find(request.method, path)
        if found is None:
            return json_response(404, {"detail": f"no such order: {request.method} {path}; GET {PREFIX} lists them"})
        return found(stand_in, request)
