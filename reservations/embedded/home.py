"""``/app/``: Today, the page that says in five seconds whether the sale is safe."""

from django.http import HttpResponse

from reservations.models import Reservation, ShopifyInstallation, Shortfall, Status, StockItem

from .page import page
from .visit import Visit


@page
def home(visit: Visit) -> HttpResponse:
    """The page. The first visit installs the app."""
    shop = visit.shop
    return visit.page(
        "embedded/home.html",
        {
            "installation": ShopifyInstallation.objects.filter(shop=shop).first(),
            "skus": StockItem.objects.filter(shop=shop).count(),
            "holds": Reservation.objects.filter(shop=shop, status=Status.ACTIVE).count(),
            "shortfalls": Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0).count(),
        },
    )
