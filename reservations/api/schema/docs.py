"""``GET /api/schema`` and ``GET /api/docs``: the API described for programs and for people."""

from functools import cache
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerView

from reservations.api import answers
from reservations.api.answers import Reply
from reservations.api.errors import NotFound
from reservations.api.exception_handler import not_found
from reservations.api.pipeline import ApiRequest, OpenView
from reservations.engine import Answer


def is_open() -> bool:
    """Whether this service describes itself: in production only with ``API_DOCS``."""
    return settings.DEVELOPMENT or settings.API_DOCS


class SchemaView(OpenView):
    """The OpenAPI 3.1 schema, where the documentation is open."""

    @extend_schema(exclude=True)
    def get(self, request: ApiRequest) -> Reply:
        """The schema as JSON, drawn once from the views and serializers themselves. Raises NotFound."""
        if not is_open():
            raise NotFound
        return answers.send(Answer(200, schema()))


@cache
def schema() -> bytes:
    """The schema's bytes."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return orjson.dumps(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


@extend_schema(exclude=True)
class DocsView(SpectacularSwaggerView):
    """The schema to read and to try out, from this service's own files."""

    url_name = "schema"
    # The framework's own answer to OPTIONS wants a serializer, and this page has none.
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or 404 where it is closed."""
        if not is_open():
            return not_found(request)
        return super().dispatch(request, *args, **kwargs)
