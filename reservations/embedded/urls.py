"""The addresses below ``/app/``."""

from django.urls import path

from .bounce import session_token
from .home import home

urlpatterns = [path("", home), path("session-token", session_token)]
