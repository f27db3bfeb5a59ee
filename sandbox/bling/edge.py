"""The way of a request through the stand-in: the log, the door, authorization, limits, misbehaviour, the answer."""

import secrets
import sys
import traceback

from sandbox.bling import api, control, errors, oauth_endpoints
from sandbox.bling.api.call import Call
from sandbox.bling.bling import Bling
from sandbox.bling.bling_faults import MISBEHAVIOUR
from sandbox.web import CutConnection, Entry, Refusal, Request, Response
from sandbox.web.faults import Handle

BASE = "/Api/v3"
# 200 ids fit into an address and 300 do not, as measured.
LONGEST_TARGET = 7_500


class Application:
    """Answers requests with a Bling."""

    def __init__(self, bling: Bling) -> None:
        """Answer for this Bling."""
        self.bling = bling

    def __call__(self, request: Request) -> Response:
        """Answer one request. Raises CutConnection."""
        if request.path.startswith(control.PREFIX):
            return self._safely(lambda: control.answer(self.bling, request))
        entry = self.bling.journal.open(request)
        self.bling.turnstile.count("requests")
        try:
            response = self._safely(lambda: self._serve(request, entry))
        except CutConnection:
            self.bling.journal.close(entry, 0)
            raise
        if response.status >= 400:
            self.bling.turnstile.count("errors")
        self.bling.journal.close(entry, response.status)
        return Response(response.status, response.body, {**response.headers, "x-amzn-RequestId": secrets.token_hex(16)})

    def _safely(self, handle: Handle) -> Response:
        try:
            return handle()
        except Refusal as refusal:
            return refusal.response
        except CutConnection:
            raise
        except Exception:  # noqa: BLE001 - a mistake of the stand-in is an answer too, and is printed
            traceback.print_exc(file=sys.stderr)
            return errors.server_error()

    def _serve(self, request: Request, entry: Entry) -> Response:
        if closed := self.bling.turnstile.is_closed():
            return closed
        if len(request.target) > LONGEST_TARGET:
            return Response(414, b"<html>Request-URI Too Large</html>", {"Content-Type": "text/html"})
        if not request.path.startswith(f"{BASE}/"):
            return errors.edge_block()
        path = request.path.removeprefix(BASE)
        if path.startswith("/oauth/"):
            answer = oauth_endpoints.find(self.bling, request, path)
            return self._with_faults(request, path, entry, "", answer)
        return self._serve_account(request, path, entry)

    def _serve_account(self, request: Request, path: str, entry: Entry) -> Response:
        entry.account = self._authenticate(request)
        if refusal := self.bling.turnstile.pass_account(entry.account, request.received_at):
            return refusal
        account = self.bling.accounts[entry.account]
        if path.split("/")[1] in account.behaviour.missing_scopes:
            raise errors.insufficient_scope()
        answer = api.routes.find(request.method, path)
        if answer is None:
            raise _unknown(path)
        call = Call(self.bling, account)

        def handle() -> Response:
            with self.bling.lock:
                return answer(call, request)

        return self._with_faults(request, path, entry, account.id, handle)

    def _with_faults(self, request: Request, path: str, entry: Entry, account: str, handle: Handle) -> Response:
        fault = self.bling.faults.take(f"{request.method} {path}", account)
        if fault is None:
            return handle()
        entry.fault = fault.kind
        return MISBEHAVIOUR[fault.kind](fault, lambda: self._safely(handle))

    def _authenticate(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise errors.unauthorized()
        return self.bling.authority.account_of(token.strip(), wants_jwt=request.headers.get("enable-jwt") == "1")


def _unknown(path: str) -> Refusal:
    if api.routes.knows(path):
        return errors.refuse(405, "METHOD_NOT_ALLOWED", "Método não permitido")
    return errors.not_found()
