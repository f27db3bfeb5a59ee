"""What every view of the API shares.

The REST framework's own way through a request (``APIView.dispatch``), step by step, with the parts left out that this
API has no use for: one format, one version, a proof of who calls that names its own kind. Views return finished bytes.
In a flash sale what is left out here is a third of what a request would take in this process.
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

from reservations.shopify.session_authentication import SessionTokenAuthentication

from .authentication import ApiKeyAuthentication
from .caller import ApiRequest, Caller
from .errors import MethodNotAllowed, MissingApiKey
from .throttle import ApiKeyThrottle

# Never asked: a request of the REST framework makes one of its own where it is given none.
_NEGOTIATION = DefaultContentNegotiation()


class OpenView(APIView):
    """A view that anybody may call."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes = ()
    throttle_classes: Sequence[type[BaseThrottle]] = ()
    default_response_headers: ClassVar[dict[str, str]] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check who calls and hand the request to its method; whatever goes wrong becomes the exception handler's."""
        self.request = known = self.initialize_request(request)
        try:
            self.initial(known)
            method: Callable[..., HttpResponseBase] = getattr(self, (request.method or "").lower())
            return method(known, *args, **kwargs)
        except Exception as error:
            answer: HttpResponseBase | None = self.get_exception_handler()(error, {"request": known, "view": self})
            if answer is None:
                raise
            return answer

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        """Wrap Django's request without the parsers and renderers that nobody asks."""
        known = ApiRequest(request, negotiator=_NEGOTIATION)
        # Its own attributes: one read through the REST framework's wrapper costs a microsecond.
        known.META, known.method = request.META, request.method
        return known

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a method that this address does not have, before anybody's key is looked at."""
        if not hasattr(self, (request.method or "").lower()):
            raise MethodNotAllowed(self.allowed_methods)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Which methods this address has."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods), "Cache-Control": "no-store"})


class ApiView(OpenView):
    """A view that answers one shop. Whoever mounts it chooses how a caller proves which one."""

    # Asked in this order, so that the calls of a flash sale are known by the first.
    authentication_classes = (ApiKeyAuthentication, SessionTokenAuthentication)
    throttle_classes = (ApiKeyThrottle,)
    # Raises Throttled when the cart that a body names has had its share of requests.
    cart_throttle: Callable[[Caller, UUID], None] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who calls, and how often; raises what the authenticator and the throttle raise."""
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        known = cast("ApiRequest", request)
        known.caller = self._caller(request)
        known.shop = known.caller.shop
        for throttle in self.throttle_classes:  # each raises by itself, with the time to wait
            throttle().allow_request(request, self)

    def _caller(self, request: Request) -> Caller:
        """Who it is, by the authenticator that knows this kind of proof. Raises MissingApiKey and what they raise."""
        for authenticator in self.authentication_classes:
            if (proof := authenticator().authenticate(request)) is not None:
                caller: Caller = proof[1]
                return caller
        raise MissingApiKey

    def check_cart(self, request: ApiRequest, asked: Mapping[str, Any]) -> None:
        """Count the request against the cart that its body names. Raises Throttled."""
        if self.cart_throttle is not None and "cart_token" in asked:
            self.cart_throttle(request.caller, asked["cart_token"])
