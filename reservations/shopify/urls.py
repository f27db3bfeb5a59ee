"""Where Shopify itself calls, with or without a trailing slash: it would count a redirect as a failed delivery."""

from django.urls import re_path

from .webhooks.receive import webhooks

urlpatterns = [re_path(r"^webhooks/?$", webhooks)]
