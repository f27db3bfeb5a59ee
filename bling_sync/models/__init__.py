"""The tables of the Bling side. Every tenant's row carries its shop, and so does every unique constraint on it."""

from .authorization import AuthorizationRequest
from .connection import Connection, ConnectionState, Mode, ModeReason
from .difference import Cause, Difference
from .import_line import ImportLine, LineVerdict
from .import_run import ImportRun, Phase, RunState
from .lease import Lease
from .limits import RequestSlot, TokenCall
from .product import Product
from .push import Push, PushEvidence, PushKind, PushState
from .webhook import WebhookEvent

__all__ = [
    "AuthorizationRequest",
    "Cause",
    "Connection",
    "ConnectionState",
    "Difference",
    "ImportLine",
    "ImportRun",
    "Lease",
    "LineVerdict",
    "Mode",
    "ModeReason",
    "Phase",
    "Product",
    "Push",
    "PushEvidence",
    "PushKind",
    "PushState",
    "RequestSlot",
    "RunState",
    "TokenCall",
    "WebhookEvent",
]
