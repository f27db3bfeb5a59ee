"""The addresses below ``/app/``."""

from django.urls import path

from .bounce import session_token
from .settings import settings_page
from .shortfalls import resolved, shortfalls
from .today import embed_observed, guide_put_away, today

urlpatterns = [
    path("", today),
    path("guide", guide_put_away),
    path("embed", embed_observed),
    path("shortfalls/", shortfalls),
    path("shortfalls/<int:pk>/resolved", resolved),
    path("settings/", settings_page),
    path("session-token", session_token),
]
