"""The addresses of the baselines: the service's own, and one that does nothing."""

from django.urls import path

from bench.baselines.empty import EmptyView
from bench.baselines.textbook.views import ReserveView

urlpatterns = [
    path("stock/<str:sku>/reserve", ReserveView.as_view()),
    path("empty", EmptyView.as_view()),
]
