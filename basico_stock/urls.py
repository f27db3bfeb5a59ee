"""Every address of the service."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("admin/", admin.site.urls)]
if find_spec("reservations.api") and find_spec("reservations.api.urls"):
    urlpatterns.append(path("", include("reservations.api.urls")))
