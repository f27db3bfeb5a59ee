"""The way of every request through a stand-in: the control panel, the log, the faults, the answer."""

import secrets
import sys
import traceback
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from sandbox.stand_in.books import Books
from sandbox.stand_in.memory import Memory
from sandbox.stand_in.panel import PREFIX, Panel
from sandbox.web import CutConnection, Entry, Handle, Refusal, Request, Response

_READING = ("GET", "HEAD", "OPTIONS")

StandIn = TypeVar("StandIn", bound=Memory[Any])


class Reception(ABC, Generic[StandIn]):
    """Receives requests on behalf of a stand-in. A subclass knows the service's addresses and its error bodies."""

    panel: ClassVar[Panel[Any]]
    request_id_header: ClassVar[str]

    def __init__(self, stand_in: StandIn) -> None:
        """Answer from this stand-in's memory."""
        self.stand_in = stand_in
        self.books: Books | None = None

    def __call__(self, request: Request) -> Response:
        """Answer one request, once what it changed is in the books. Raises CutConnection."""
        try:
            return self._received(request)
        finally:
            if self.books is not None and request.method not in _READING:
                self.books.changed()

    def _received(self, request: Request) -> Response:
        if request.path.startswith(PREFIX):
            return self.safely(lambda: self.panel.answer(self.stand_in, request))
        journal = self.stand_in.journal
        entry = journal.open(request)
        try:
            response = self.safely(lambda: self.serve(request, entry))
        except CutConnection:
            journal.close(entry, 0)
            raise
        journal.close(entry, response.status)
        headers = {**response.headers, self.request_id_header: secrets.token_hex(16)}
        return Response(response.status, response.body, headers)

    @abstractmethod
    def serve(self, request: Request, entry: Entry) -> Response:
        """Answer as the service does, and note in `entry` whose request it is. Raises Refusal, CutConnection."""

    @abstractmethod
    def server_error(self) -> Response:
        """The service's own 500."""

    def safely(self, handle: Handle) -> Response:
        """Turn whatever `handle` raises into an answer, except CutConnection."""
        try:
            return handle()
        except Refusal as refusal:
            return refusal.response
        except CutConnection:
            raise
        except Exception:  # noqa: BLE001 - a mistake of the stand-in is an answer too, and is printed
            traceback.print_exc(file=sys.stderr)
            return self.server_error()

    def with_faults(self, label: str, entry: Entry, handle: Handle) -> Response:
        """Let `handle` answer, spoiled by the fault in force for `label` (`METHOD /path`), if there is one."""
        fault = self.stand_in.faults.take(label, entry.account)
        if fault is None:
            return handle()
        entry.fault = fault.kind
        return self.stand_in.misbehaviour[fault.kind](fault, lambda: self.safely(handle))
