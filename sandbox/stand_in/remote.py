"""Commanding a stand-in from outside: its control addresses as a Python object."""

from typing import Any

import requests

from sandbox.stand_in.panel import PREFIX

TIMEOUT_SECONDS = 30


class RemoteError(Exception):
    """The stand-in did not understand the order; the message is the stand-in's own."""


class Remote:
    """The control addresses (`/_control/...`) of a stand-in that listens at `url`."""

    def __init__(self, url: str) -> None:
        """Remember the address; send nothing yet."""
        self._base = url.rstrip("/") + PREFIX

    def get(self, path: str, /, **query: Any) -> Any:
        """Read one of its books. Raises RemoteError."""
        return self._answer(requests.get(self._base + path, params=query, timeout=TIMEOUT_SECONDS))

    def post(self, path: str, /, **order: Any) -> Any:
        """Give it an order. Raises RemoteError."""
        return self._answer(requests.post(self._base + path, json=order, timeout=TIMEOUT_SECONDS))

    def _answer(self, response: requests.Response) -> Any:
        if response.status_code >= 300:
            raise RemoteError(f"{response.status_code} {response.text}")
        return response.json() if response.content else None
