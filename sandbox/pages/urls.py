"""The addresses below `/sandbox/`."""

from django.urls import path

from . import bling_screen, little_store, race, shopper, theme_embed
from .admin import admin, session_token
from .assets import asset

app_name = "sandbox"
urlpatterns = [
    path("", race.start, name="race"),
    path("race", race.run),
    *(path(f"static/{name}", theme_embed.script, {"name": name}) for name in theme_embed.SCRIPTS),
    path("static/<str:name>", asset),
    path("loja/", little_store.store, name="store"),
    path("loja/numbers", little_store.state),
    path("loja/leave-one", little_store.leave_one),
    path("bling/", bling_screen.bling, name="bling"),
    path("bling/books", bling_screen.books),
    path("bling/order", bling_screen.order),
    path("admin/", admin, name="admin"),
    path("admin/session-token", session_token),
    *(
        entry
        for name in little_store.SHOPPERS
        for entry in (
            path(f"loja/{name}/", little_store.column, {"shopper": name}),
            path(f"loja/{name}/cart", little_store.column, {"shopper": name}),
            path(f"loja/{name}/<path:path>", shopper.ask, {"shopper": name}),
        )
    ),
]
