"""The addresses below `/sandbox/`."""

from django.urls import path

from .admin import admin, session_token
from .assets import asset

app_name = "sandbox"
urlpatterns = [
    path("static/<str:name>", asset),
    path("admin/", admin, name="admin"),
    path("admin/session-token", session_token),
]
