"""The Admin API: one function that runs one of our documents in one shop.

It waits when Shopify asks it to (``throttleStatus``, ``THROTTLED``, 429), retries what Shopify did not carry out or may
safely carry out twice, renews a token that Shopify refused once, and gives up at its deadline.
"""

import logging
import random
import time
from collections.abc import Mapping
from typing import Any

from plumbing.away_from_database import pause
from reservations.models import Shop
from reservations.shopify.access import access_tokens, app, stored_tokens
from reservations.shopify.errors import NeedsReopen, Refused, ShopifyError, Unreachable, UserErrors

from . import http_post
from .cost_bucket import Budget
from .documents import document
from .http_post import Reply

logger = logging.getLogger(__name__)

TIME_LIMIT_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0

budget = Budget()


# What a hundred guards cost. Calls that can wait leave it to the writers of guards, who share Shopify's limit with us.
GUARDS_POINTS = 250.0


def call(
    shop_id: int,
    name: str,
    variables: Mapping[str, Any] | None = None,
    *,
    repeatable: bool = True,
    seconds: float = TIME_LIMIT_SECONDS,
    spare: float = 0.0,
) -> dict[str, Any]:
    """Run the document `name` and return its ``data``.

    `repeatable` says that carrying it out twice does no harm; otherwise we never send a call again that Shopify may
    have carried out. A call that has time leaves `spare` points of the cost bucket to those that have none.
    Raises NotInstalled, NeedsReopen, ClientRefused, Unreachable, Refused and ShopifyError.
    """
    return _Call(shop_id, name, dict(variables or {}), repeatable=repeatable, seconds=seconds, spare=spare).run()


def mutate(
    shop_id: int,
    name: str,
    variables: Mapping[str, Any],
    *,
    repeatable: bool = True,
    seconds: float = TIME_LIMIT_SECONDS,
) -> dict[str, Any]:
    """Run a document of one mutation and return its payload. Raises what :func:`call` raises, and UserErrors."""
    data = call(shop_id, name, variables, repeatable=repeatable, seconds=seconds)
    payload: dict[str, Any] | None = next(iter(data.values()), None)
    if payload is None:
        raise ShopifyError(f"{name}: an answer without a payload")
    if payload.get("userErrors"):
        raise UserErrors(payload["userErrors"])
    return payload


class _Call:
    """One operation, from its first try to its last."""

    def __init__(
        self, shop_id: int, name: str, variables: dict[str, Any], *, repeatable: bool, seconds: float, spare: float
    ) -> None:
        self._shop_id, self._name, self._repeatable, self._spare = shop_id, name, repeatable, spare
        self._body: dict[str, Any] = {"query": document(name), "variables": variables}
        self._domain = Shop.objects.values_list("domain", flat=True).get(pk=shop_id)
        self._deadline = time.monotonic() + seconds
        self._rejected = ""
        self._pause = _FIRST_PAUSE_SECONDS

    def run(self) -> dict[str, Any]:
        while True:
            try:
                return self._try()
            except Unreachable as error:
                if error.sent and not self._repeatable:
                    raise
                self._wait(error)

    def _try(self) -> dict[str, Any]:
        token = access_tokens.access_token(self._shop_id, rejected=self._rejected)
        seconds = budget.seconds_to_wait(self._shop_id, self._name, self._spare)
        if seconds >= self._left():
            raise Unreachable("no time is left to ask", sent=False, retry_after=seconds)
        if seconds:
            pause(seconds)
        url = f"{app.admin_url(self._domain)}/admin/api/{app.API_VERSION}/graphql.json"
        reply = http_post.post(url, headers={"X-Shopify-Access-Token": token}, json=self._body, deadline=self._deadline)
        # A token may end early, as after a reinstallation: renew it once, then it is the merchant's turn.
        if reply.status == 401:
            self._refused_token(token)
        return self._data(reply)

    def _refused_token(self, token: str) -> None:
        if self._rejected:
            stored_tokens.needs_reopen(self._shop_id, "Shopify refuses a token that it has just given")
            raise NeedsReopen("the token was refused twice")
        self._rejected = token
        raise Unreachable("the token was refused", sent=False, retry_after=0.0)

    def _data(self, reply: Reply) -> dict[str, Any]:
        # 429 comes before the call is carried out; a 5xx may come after it.
        if reply.status == 429:
            raise Unreachable("429", sent=False, retry_after=reply.retry_after)
        if reply.status >= 500:
            raise Unreachable(str(reply.status), sent=True, retry_after=reply.retry_after)
        said = reply.json()
        if reply.status != 200 or not isinstance(said, dict):
            raise ShopifyError(f"{self._name}: {reply.status} {reply.body[:200].decode('utf-8', 'replace')}")
        extensions = said.get("extensions")
        cost = extensions.get("cost") if isinstance(extensions, dict) else None
        cost = cost if isinstance(cost, dict) else {}
        budget.learn(self._shop_id, self._name, cost)
        if said.get("errors"):
            raise self._error(said["errors"], cost)
        data = said.get("data")
        if not isinstance(data, dict):
            raise ShopifyError(f"{self._name}: an answer without data")
        return data

    def _error(self, errors: Any, cost: Mapping[str, Any]) -> ShopifyError:
        # A layer before GraphQL may answer with a plain sentence instead of a list.
        listed: list[dict[str, Any]] = (
            [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else [{"message": str(errors)}]
        )
        codes = {str((e.get("extensions") or {}).get("code")) for e in listed}
        if "THROTTLED" in codes:
            return Unreachable("THROTTLED", sent=False, retry_after=_until_affordable(cost))
        # Any of these may come after a mutation was carried out.
        if codes & {"INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"}:
            return Unreachable(", ".join(sorted(codes)), sent=True)
        return Refused(listed)

    def _wait(self, error: Unreachable) -> None:
        """Wait as long as Shopify says, else a little longer each time. Raises `error` when that exceeds our time."""
        jittered = self._pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, keeps no secret
        seconds = jittered if error.retry_after is None else error.retry_after
        if seconds >= self._left():
            raise error
        logger.info("shop %s: %s waits %.1f s: %s", self._domain, self._name, seconds, error)
        pause(seconds)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)

    def _left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())


def _until_affordable(cost: Mapping[str, Any]) -> float | None:
    """The seconds until the bucket holds the call's cost, at least a moment."""
    try:
        status = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return max(0.1, missing / float(status["restoreRate"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
