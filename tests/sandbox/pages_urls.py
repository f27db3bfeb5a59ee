"""The sandbox's pages, mounted whatever the settings said when the project's own addresses were loaded."""

from django.urls import include, path

urlpatterns = [path("sandbox/", include("sandbox.pages.urls"))]
