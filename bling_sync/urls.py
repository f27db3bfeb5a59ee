"""The addresses below /bling/."""

from django.urls import path

from .pages.callback import callback
from .pages.connect import connect
from .webhooks.view import webhooks

urlpatterns = [
    path("connect", connect, name="bling-connect"),
    path("callback", callback, name="bling-callback"),
    path("webhooks", webhooks, name="bling-webhooks"),
    path("webhooks/", webhooks),
]
