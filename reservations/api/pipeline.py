"""Every deviation of this API from the REST framework, each beside the framework's own step that it replaces.

A request walks through ``APIView.dispatch`` and ``APIView.initial``; a body through ``run_validation`` of a serializer
and of its fields. These are their steps, as the framework names them, and what becomes of each here:

APIView.dispatch
    initialize_request: ours, without parsers and authenticators that are made anew for each request
    default_response_headers: none; only a 405 and OPTIONS name the methods that there are
    initial: ours, in the second list
    http_method_names: as it is, but first: a wrong method is 405 before anybody's key is looked at
    http_method_not_allowed: ours, with the methods that there are
    handle_exception: ours, the hook of :mod:`.exception_handler` and nothing around it
    finalize_response: none; views return finished bytes

APIView.initial
    get_format_suffix: none; there is one format
    perform_content_negotiation: none; there is one format
    determine_version: none; there is one version
    perform_authentication: ours, by :func:`.admit`; each proof names its kind, so its errors name their challenge
    check_permissions: ours, in the same place; a credential sees one shop, and a key does there what its scopes say
    check_throttles: ours, in the same place; each limit itself raises, with the time to wait

Serializer.run_validation
    validate_empty_values: ours; absent and null are two different things, and a body is an object
    to_internal_value: ours; it reads no HTML forms, and refuses members that nobody knows
    run_validators: none; a field's rules are its own
    validate: as it is

Field.run_validation
    validate_empty_values: ours, as for serializers
    to_internal_value: as it is
    run_validators: none

A test holds these lists against the installed framework. In a flash sale the omitted steps would take a third of a
request's time in this process: docs/decisions/0007-rest-framework-pipeline.md has the figures and the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NoReturn, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from reservations.models import Scope, Shop

from . import body
from .answers import Reply
from .authentication import Authentication, Caller
from .errors import InvalidInput, MethodNotAllowed
from .input_problems import problems_of
from .operation import Operation, admit
from .thread_request import ThreadRequest, as_response, run
from .throttle import Limit
from .web_request import CartLimit

# Nothing uses it, but without one each of the REST framework's requests makes its own.
_NEGOTIATION = DefaultContentNegotiation()
_UNKNOWN = ErrorDetail("", code="unknown_member")


class ApiRequest(Request):
    """The REST framework's wrapping of a request; what the request means is told of the one ``inside`` it."""

    inside: ThreadRequest

    @property
    def caller(self) -> Caller:
        """Who calls, once that is proved."""
        return self.inside.caller

    @property
    def shop(self) -> Shop:
        """The caller's shop; every query that the request leads to names it."""
        return self.inside.caller.shop


class OpenView(APIView):
    """A view that anybody may call."""

    authentication_classes: Sequence[type[Authentication]] = ()
    permission_classes = ()
    throttle_classes: Sequence[type[Limit]] = ()
    default_response_headers: ClassVar[dict[str, str]] = {}
    cart_limit: CartLimit | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Identify the caller and hand the request to its method; the exception handler answers what goes wrong."""
        self.request = known = self.initialize_request(request)
        try:
            handler = self._handler(known)
            self.initial(known)
            answer = handler(known, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - as the framework has it; a defect is raised again
            return self.handle_exception(error)
        return as_response(answer) if isinstance(answer, Reply) else answer

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        """Wrap Django's request without the parsers and renderers that nobody uses."""
        known = ApiRequest(request, negotiator=_NEGOTIATION)
        # Its own attributes: one read through the REST framework's wrapper costs a microsecond.
        known.META, known.method = request.META, request.method
        known.inside = ThreadRequest(request.META, request.method or "", request.path_info, self.cart_limit)
        return known

    def _handler(self, request: Request) -> Callable[..., HttpResponseBase | Reply]:
        name = (request.method or "").lower()
        handler: Callable[..., HttpResponseBase | Reply] | None = None
        if name in self.http_method_names:
            handler = getattr(self, name, None)
        return handler or self.http_method_not_allowed(request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check nothing: anybody may call."""

    def http_method_not_allowed(self, request: HttpRequest | Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise MethodNotAllowed."""
        raise MethodNotAllowed(self.allowed_methods)

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]
        """The exception handler's answer. Raises `exc` again if it is a defect: Django logs and answers those."""
        answer: HttpResponseBase | None = self.get_exception_handler()(exc, {"request": self.request, "view": self})
        if answer is None:
            raise exc
        return answer

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Which methods this address has; the framework would describe serializers, which the schema does."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods), "Cache-Control": "no-store"})


class ApiView(OpenView):
    """A view that answers one shop. Its address declares how a caller proves which one, and how often it may call.

    It tries `authentication_classes` in their order, so the first should be the one that a flash sale uses.
    """

    # What each of its methods means; a method of the view without an operation answers by itself.
    meanings: ClassVar[Mapping[str, Operation]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Identify the caller and count the call; not for OPTIONS, since the methods of an address are no secret."""
        if request.method != "OPTIONS":
            inside = cast("ApiRequest", request).inside
            run(admit(inside, self.authentication_classes, self.throttle_classes, self._scope(inside.method)))

    def _scope(self, method: str) -> Scope:
        """What a request of this method asks of an API key."""
        name = "GET" if method == "HEAD" else method
        if name in self.meanings:
            return self.meanings[name].scope
        return Scope.READ if name == "GET" else Scope.ALL

    def reply(self, request: ApiRequest, **address: str) -> Reply:
        """The operation's answer. Raises EngineError."""
        method = request.inside.method
        operation = self.meanings["GET" if method == "HEAD" else method]
        return run(operation.reply(request.inside, **address))

    def read(self, request: ApiRequest, serializer: "StrictSerializer") -> dict[str, Any]:
        """The members of the body, checked: in place of ``request.data`` and ``is_valid``.

        Raises ApiError for a refused body, and Throttled for the cart that it names.
        """
        return run(body.members(request.inside, serializer))[0]


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object that has the members named here and no others.

    It walks the members itself, since the base class spends longer on HTML forms than on our two fields.
    """

    def validated(self, value: Any) -> dict[str, Any]:
        """The members of a request's body. Raises InvalidInput, which names each that is wrong."""
        try:
            return self.run_validation(value)
        except serializers.ValidationError as error:
            raise InvalidInput(problems_of(error)) from error

    def run_validation(self, data: Any = empty) -> dict[str, Any]:
        """Check each member, then all together by :meth:`validate`; return them. Raises ValidationError."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("", code="not_an_object")
        # Unknown members first, then all that is wrong with the known ones: a caller mends everything at once.
        problems: dict[str, Any] = {name: [_UNKNOWN] for name in data if name not in self.fields}
        checked: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                checked[name] = field.run_validation(data.get(name, empty))
            except serializers.ValidationError as problem:
                problems[name] = problem.detail
            except serializers.SkipField:
                pass
        if problems:
            raise serializers.ValidationError(problems)
        together: dict[str, Any] = self.validate(checked)
        return together


class StrictField(serializers.Field[Any, Any, Any, Any]):
    """A field that names its problems by code alone; :mod:`.input_problems` has the words."""

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        """Raise a ValidationError with the code `key`."""
        raise serializers.ValidationError("", code=key)

    def run_validation(self, data: Any = empty) -> Any:
        """The value, or the field's default. Raises ValidationError, or SkipField for an optional one without any."""
        if data is empty:
            return self.fail("required") if self.required else self.get_default()
        if data is None:  # leaving a member out and sending null are two different things
            self.fail("null")
        return self.to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        """Return the value as it is: no answer is written through these fields."""
        return value
