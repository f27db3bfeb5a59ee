"""The addresses below ``/app/``."""

from django.urls import path

from .frame.bounce import session_token
from .holds import extend_by_hand, release, reservation, reservations
from .settings import settings_page
from .shortfalls import decide, shortfalls, use_free_units
from .stock import read_catalogue, stock, stock_item
from .today import embed_observed, guide_put_away, today

urlpatterns = [
    path("", today),
    path("guide", guide_put_away),
    path("embed", embed_observed),
    path("stock/", stock),
    path("stock/catalogue", read_catalogue),
    path("stock/<int:pk>/", stock_item),
    path("reservations/", reservations),
    path("reservations/<uuid:pk>/", reservation),
    path("reservations/<uuid:pk>/release", release),
    path("reservations/<uuid:pk>/prolong", extend_by_hand),
    path("shortfalls/", shortfalls),
    path("shortfalls/decide", decide),
    path("shortfalls/<int:pk>/use", use_free_units),
    path("settings/", settings_page),
    path("session-token", session_token),
]
