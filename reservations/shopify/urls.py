"""Where Shopify itself calls. With or without a slash at the end: a redirect would count as a failed delivery."""

from django.urls import re_path

from .webhooks.receive import webhooks

urlpatterns = [re_path(r"^webhooks/?$", webhooks)]
