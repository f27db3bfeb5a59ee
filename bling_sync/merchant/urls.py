"""The addresses below ``/app/bling/``."""

from django.urls import path

from .bling_settings_page import bling_settings, deposits_wanted
from .difference_pages import differences, seen
from .disconnect_page import disconnected
from .import_pages import applied, as_csv, begun, cancelled, shown
from .overview import overview
from .read_now import read_all, read_one
from .undecided_pushes import decided
from .undo_page import undone

urlpatterns = [
    path("", overview),
    path("disconnect/", disconnected),
    path("settings/", bling_settings),
    path("deposits", deposits_wanted),
    path("read", read_all),
    path("read/<int:item_pk>", read_one),
    path("pushes/<int:pk>/decided", decided),
    path("differences/", differences),
    path("differences/seen", seen),
    path("imports", begun),
    path("imports/<int:pk>/", shown),
    path("imports/<int:pk>/applied", applied),
    path("imports/<int:pk>/cancelled", cancelled),
    path("imports/<int:pk>/undone", undone),
    path("imports/<int:pk>/csv", as_csv),
]
