"""An order that cannot be carried out any more: said in passing, and the page refreshes to show why."""

from django.http import HttpResponse, JsonResponse


def refused(sentence: str) -> HttpResponse:
    """The sentence, as app.js shows it; 409."""
    return JsonResponse({"message": sentence, "go": ""}, status=409)
