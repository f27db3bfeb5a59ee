"""The addresses below /bling/."""

from django.urls import path

from .oauth_pages.callback import callback
from .oauth_pages.connect import connect
from .webhooks.endpoint import webhooks

urlpatterns = [
    path("connect", connect, name="bling-connect"),
    path("callback", callback, name="bling-callback"),
    path("webhooks", webhooks, name="bling-webhooks"),
    path("webhooks/", webhooks),
]
