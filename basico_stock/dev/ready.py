"""Find out when the service answers, and say how to use it."""

import http.client
import os
import time
from collections.abc import Callable, Mapping

from basico_stock.environment import OFF

Condition = Callable[[], bool]


def answers(values: Mapping[str, str]) -> Condition:
    """Return a condition that holds once the web process answers and reaches database and broker."""

    def question() -> bool:
        connection = http.client.HTTPConnection(values["HOST"], int(values["PORT"]), timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return question


def announcement(values: Mapping[str, str], *, once: bool) -> str:
    """Return what a newcomer reads when everything runs; with `once`, only that it does."""
    seconds = time.time() - float(os.environ.get("BASICO_STARTED_AT", time.time()))
    ready = f"\nReady after {seconds:.0f} s.\n"
    return f"{ready}\n" if once else f"{ready}{_invitation(values)}"


def _invitation(values: Mapping[str, str]) -> str:
    url = values["PUBLIC_URL"].rstrip("/")
    key = values["DEMO_API_KEY"]
    return f"""

  API            {url}/stock/SKU-BZC-001
  Documentation  {url}/api/docs
  Admin          {url}/admin/ (user demo, password demo)
  Demo API key   {key}

Reserve one unit:
  curl -X POST {url}/stock/SKU-BZC-001/reserve -H 'Authorization: Api-Key {key}'

Ctrl-C stops everything.
{_sandbox(values)}"""


def _sandbox(values: Mapping[str, str]) -> str:
    if values["SANDBOX"].strip().lower() in OFF:
        return ""
    return f"""
Watch Ana and Beto race for the last unit:
  {values["PUBLIC_URL"].rstrip("/")}/sandbox/
"""
