"""The tables of the Bling side. Every tenant's row carries its shop, and so does every unique constraint on it."""

from .authorization import AuthorizationRequest
from .connection import Connection, ConnectionState, Mode, ModeReason
from .difference import Cause, Difference
from .import_line import ImportLine, Verdict
from .import_run import ImportRun, Phase, RunState
from .lease import Lease
from .limits import RequestSlot, TokenCall
from .product import Product
from .push import Evidence, Push, PushKind, PushState
from .webhook import WebhookEvent

__all__ = [
    "AuthorizationRequest",
    "Cause",
    "Connection",
    "ConnectionState",
    "Difference",
    "Evidence",
    "ImportLine",
    "ImportRun",
    "Lease",
    "Mode",
    "ModeReason",
    "Phase",
    "Product",
    "Push",
    "PushKind",
    "PushState",
    "RequestSlot",
    "RunState",
    "TokenCall",
    "Verdict",
    "WebhookEvent",
]
