"""The shop and the sign-in of a development machine, so that a newcomer can reserve at once. Never in production."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, transaction

from reservations import engine
from reservations.models import Shop
from reservations.models.shop import DEFAULT_HOLD_CEILING_SECONDS
from reservations.new_shop import create_shop

DEMO_DOMAIN = "bazico-demo.myshopify.com"
DEMO_STOCK = {"SKU-BZC-001": 10, "SKU-BZC-002": 5}
DEMO_USERNAME = DEMO_PASSWORD = "demo"  # noqa: S105 - refused in production by a system check


def ensure_demo_shop() -> None:
    """Make the demo shop, its stock and its key where no shop exists yet; two callers at once make one.

    Raises ImproperlyConfigured outside a development machine, and when DEMO_API_KEY or DEMO_HOLD_SECONDS is unfit.
    """
    _refuse_in_production("The demo shop")
    with transaction.atomic():
        _one_at_a_time("demo shop")
        if Shop.objects.exists():
            return
        shop = _create()
        for sku, units in DEMO_STOCK.items():
            engine.apply_count(shop.pk, sku, units, reference="demo")


def ensure_demo_admin() -> None:
    """Make the user `demo` with the password `demo` where no user exists yet.

    Raises ImproperlyConfigured outside a development machine.
    """
    _refuse_in_production("The demo sign-in")
    with transaction.atomic():
        _one_at_a_time("demo admin")
        users = get_user_model().objects
        if not users.exists():
            users.create_superuser(DEMO_USERNAME, password=DEMO_PASSWORD)


def _create() -> Shop:
    hold = settings.DEMO_HOLD_SECONDS
    ceiling = max(hold, DEFAULT_HOLD_CEILING_SECONDS)
    try:
        shop, _ = create_shop(
            DEMO_DOMAIN,
            api_key=settings.DEMO_API_KEY,
            name="Bázico Demo",
            hold_seconds=hold,
            hold_ceiling_seconds=ceiling,
        )
    except ValidationError as error:
        raise ImproperlyConfigured(f"The demo shop cannot be made: {' '.join(error.messages)}") from error
    return shop


def _refuse_in_production(what: str) -> None:
    if not settings.DEVELOPMENT:
        raise ImproperlyConfigured(f"{what} is for a development machine: everybody knows its credentials.")


def _one_at_a_time(name: str) -> None:
    """Wait for anybody else who does the same, then keep others away until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bazico {name}"])
