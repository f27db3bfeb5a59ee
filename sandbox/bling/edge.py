"""The way of a request into Bling: the door, authorization, limits, the resource."""

from sandbox.bling import api, errors, oauth_endpoints
from sandbox.bling.api.call import Call
from sandbox.bling.bling import Bling
from sandbox.bling.control import panel
from sandbox.stand_in import Reception
from sandbox.web import Entry, Refusal, Request, Response

BASE = "/Api/v3"
# 200 ids fit into an address and 300 do not, as measured.
LONGEST_TARGET = 7_500


class Edge(Reception[Bling]):
    """Answers requests as Bling does."""

    panel = panel
    request_id_header = "x-amzn-RequestId"

    def serve(self, request: Request, entry: Entry) -> Response:
        """Answer, and count the request and its error: too many of either close the door. Raises CutConnection."""
        turnstile = self.stand_in.turnstile
        turnstile.count("requests")
        response = self.safely(lambda: self._answer(request, entry))
        if response.status >= 400:
            turnstile.count("errors")
        return response

    def server_error(self) -> Response:
        """Bling's own 500."""
        return errors.server_error()

    def _answer(self, request: Request, entry: Entry) -> Response:
        if closed := self.stand_in.turnstile.is_closed():
            return closed
        if len(request.target) > LONGEST_TARGET:
            return Response(414, b"<html>Request-URI Too Large</html>", {"Content-Type": "text/html"})
        if not request.path.startswith(f"{BASE}/"):
            return errors.edge_block()
        path = request.path.removeprefix(BASE)
        if path.startswith("/oauth/"):
            answer = oauth_endpoints.find(self.stand_in, request, path)
            return self.with_faults(f"{request.method} {path}", entry, answer)
        return self._answer_account(request, path, entry)

    def _answer_account(self, request: Request, path: str, entry: Entry) -> Response:
        entry.account = self._authenticate(request)
        if refusal := self.stand_in.turnstile.pass_account(entry.account, request.received_at):
            return refusal
        account = self.stand_in.accounts[entry.account]
        if path.split("/")[1] in account.behaviour.missing_scopes:
            raise errors.insufficient_scope()
        answer = api.routes.find(request.method, path)
        if answer is None:
            raise _unknown(path)
        call = Call(self.stand_in, account)

        def handle() -> Response:
            with self.stand_in.lock:
                return answer(call, request)

        return self.with_faults(f"{request.method} {path}", entry, handle)

    def _authenticate(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise errors.unauthorized()
        wants_jwt = request.headers.get("enable-jwt") == "1"
        return self.stand_in.authority.account_of(token.strip(), wants_jwt=wants_jwt)


def _unknown(path: str) -> Refusal:
    if api.routes.knows(path):
        return errors.refuse(405, "METHOD_NOT_ALLOWED", "Método não permitido")
    return errors.not_found()
