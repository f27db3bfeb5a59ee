"""What every view of the API shares.

The REST framework's own way through a request (``APIView.dispatch``) with the parts left out that this API has no use
for: one format, one version, one way of proving who calls. Views return finished bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from .authentication import ApiKeyAuthentication
from .caller import ApiRequest, Caller
from .errors import MethodNotAllowed
from .throttling import ApiKeyThrottle

# Never asked: a request of the REST framework makes one of its own where it is given none.
_NEGOTIATION = DefaultContentNegotiation()


class OpenView(APIView):
    """A view that anybody may call."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes = ()
    throttle_classes: Sequence[type[BaseThrottle]] = ()
    default_response_headers: ClassVar[dict[str, str]] = {}

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        """Wrap Django's request without the parsers and renderers that nobody asks."""
        return ApiRequest(request, authenticators=self.get_authenticators(), negotiator=_NEGOTIATION)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a method that this address does not have, before anybody's key is looked at."""
        if not hasattr(self, (request.method or "").lower()):
            raise MethodNotAllowed(self.allowed_methods)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Which methods this address has."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods), "Cache-Control": "no-store"})

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """The answer is finished already."""
        return response


class ApiView(OpenView):
    """A view that answers one shop. Whoever mounts it chooses how a caller proves which one."""

    authentication_classes = (ApiKeyAuthentication,)
    throttle_classes = (ApiKeyThrottle,)
    # Raises Throttled when the cart that a body names has had its share of requests.
    cart_throttle: Callable[[Caller, UUID], None] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who calls, and how often; raises what the authenticator and the throttle raise."""
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        known = cast("ApiRequest", request)
        known.caller = cast("Caller", request.auth)
        known.shop = known.caller.shop
        self.check_throttles(request)

    def check_cart(self, request: ApiRequest, asked: Mapping[str, Any]) -> None:
        """Count the request against the cart that its body names. Raises Throttled."""
        if self.cart_throttle is not None and "cart_token" in asked:
            self.cart_throttle(request.caller, asked["cart_token"])
