"""A small HTTP/1.1 server on loopback, with what stand-ins need: routes, a request log, faults, webhook deliveries."""

from sandbox.web.faults import Fault, Faults, Handle, Misbehaviour
from sandbox.web.journal import Entry, Journal
from sandbox.web.listener import Server
from sandbox.web.messages import CutConnection, Refusal, Request, Response, json_response
from sandbox.web.routes import Routes
from sandbox.web.wall_clock import Clock
from sandbox.web.webhook_queue import Deliveries, Delivery

__all__ = [
    "Clock",
    "CutConnection",
    "Deliveries",
    "Delivery",
    "Entry",
    "Fault",
    "Faults",
    "Handle",
    "Journal",
    "Misbehaviour",
    "Refusal",
    "Request",
    "Response",
    "Routes",
    "Server",
    "json_response",
]
