"""(c) A DRF view, as DRF comes, that does no work: the speed of the web framework itself."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class EmptyView(APIView):
    """Answers and does nothing else; the body is not even read."""

    def post(self, request: Request) -> Response:
        """Always the same 200."""
        return Response({"status": "ok"})
