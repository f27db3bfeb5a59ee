"""``GET /healthz``: this process answers. Nothing else is asked, so that a database that is away restarts nobody."""

from django.http import HttpResponse

from reservations.api import answers
from reservations.api.pipeline import ApiRequest, OpenView
from reservations.api.schema import operations


class HealthView(OpenView):
    """Liveness."""

    @operations.healthz
    def get(self, request: ApiRequest) -> HttpResponse:
        """Always 200."""
        return answers.send(answers.success({"status": "ok"}))
