"""What Django refuses, and what breaks outside the views, gets a JSON answer too."""

from collections.abc import Callable

import pytest
from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.test import Client
from django.urls import path

from reservations.api.pipeline import OpenView
from tests.api.client import outcome

SECRET = "SELECT password FROM somewhere"


def _raising(error: Exception) -> type[OpenView]:
    class Broken(OpenView):
        def get(self, request: object) -> HttpResponse:
            raise error

    return Broken


def _plain(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


ERRORS: dict[str, Exception] = {
    "host": DisallowedHost("evil"),
    "suspicious": SuspiciousOperation("odd"),
    "too-big": RequestDataTooBig("big"),
    "denied": PermissionDenied("no"),
    "defect": ZeroDivisionError(SECRET),
    "deep": RecursionError(SECRET),
    "unreadable": UnreadablePostError("gone"),
}
urlpatterns = [
    *(path(f"view/{name}", _raising(error).as_view()) for name, error in ERRORS.items()),
    *(path(f"plain/{name}", _plain(error)) for name, error in ERRORS.items()),
]
handler400 = "reservations.api.exception_handler.bad_request"
handler403 = "reservations.api.exception_handler.forbidden"
handler404 = "basico_stock.error_handlers.not_found"
handler500 = "basico_stock.error_handlers.server_error"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("where", ["view", "plain"])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("host", (400, "bad_request")),
        ("suspicious", (400, "bad_request")),
        ("too-big", (413, "body_too_large")),
        ("denied", (403, "forbidden")),
        ("defect", (500, "internal_error")),
        ("deep", (500, "internal_error")),
    ],
)
def test_an_exception_becomes_json_and_tells_nothing_of_itself(
    where: str, name: str, expected: tuple[int, str]
) -> None:
    response = Client(raise_request_exception=False).get(f"/{where}/{name}")
    assert outcome(response) == expected  # type: ignore[arg-type]
    assert SECRET.encode() not in response.content
    assert b"Traceback" not in response.content


@pytest.mark.urls(__name__)
def test_a_body_that_cannot_be_read_is_incomplete() -> None:
    response = Client(raise_request_exception=False).get("/view/unreadable")
    assert outcome(response) == (400, "incomplete_body")  # type: ignore[arg-type]


def test_the_project_answers_by_these_handlers() -> None:
    from basico_stock import urls

    for name in ("handler400", "handler403", "handler404", "handler500"):
        assert getattr(urls, name) == globals()[name]
