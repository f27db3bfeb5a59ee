"""The addresses below `/sandbox/`."""

from django.urls import path

from . import bling, embed, race, shopper, store
from .admin import admin, session_token
from .assets import asset

app_name = "sandbox"
urlpatterns = [
    path("", race.start, name="race"),
    path("race", race.run),
    path("static/bazico-hold.js", embed.script),
    path("static/<str:name>", asset),
    path("loja/", store.store, name="store"),
    path("loja/numbers", store.state),
    path("loja/leave-one", store.leave_one),
    path("bling/", bling.bling, name="bling"),
    path("bling/books", bling.books),
    path("bling/order", bling.order),
    path("admin/", admin, name="admin"),
    path("admin/session-token", session_token),
    *(
        entry
        for name in store.SHOPPERS
        for entry in (
            path(f"loja/{name}/", store.column, {"shopper": name}),
            path(f"loja/{name}/cart", store.column, {"shopper": name}),
            path(f"loja/{name}/<path:path>", shopper.ask, {"shopper": name}),
        )
    ),
]
