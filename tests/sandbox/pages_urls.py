"""The sandbox's pages, mounted whatever the settings were when the project's own addresses loaded."""

from django.urls import include, path

urlpatterns = [path("sandbox/", include("sandbox.pages.urls"))]
