"""Answers a request that came too late: the page shows a sentence and refreshes to show why."""

from django.http import HttpResponse, JsonResponse


def refused(sentence: str) -> HttpResponse:
    """The sentence, as app.js shows it; 409."""
    return JsonResponse({"message": sentence, "go": ""}, status=409)
