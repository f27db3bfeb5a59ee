"""``GET /healthz``: this process answers. It asks nothing else, so that no absent database restarts a process."""

from reservations.api import answers
from reservations.api.answers import Reply
from reservations.api.pipeline import ApiRequest, OpenView
from reservations.api.schema import operations


class HealthView(OpenView):
    """Liveness."""

    @operations.healthz
    def get(self, request: ApiRequest) -> Reply:
        """Always 200."""
        return answers.send(answers.success({"status": "ok"}))
