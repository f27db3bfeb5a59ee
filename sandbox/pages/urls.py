"""The addresses below `/sandbox/`."""

from django.urls import path

from . import race
from .admin import admin, session_token
from .assets import asset

app_name = "sandbox"
urlpatterns = [
    path("", race.start, name="race"),
    path("race", race.run),
    path("static/<str:name>", asset),
    path("admin/", admin, name="admin"),
    path("admin/session-token", session_token),
]
