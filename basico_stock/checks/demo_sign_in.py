"""A development machine's sign-in must not open the admin of a production machine."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

DEMO = "demo"


@register(Tags.database)
def production_has_no_demo_sign_in(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Everybody knows the user that `bin/dev` makes. Says nothing before the first migration."""
    if settings.DEVELOPMENT or not databases or connection.vendor != "postgresql":
        return []
    try:
        known = get_user_model().objects.filter(username=DEMO).first()
    except DatabaseError:
        return []
    if known and known.check_password(DEMO):
        return [Error("The user demo has the password demo: change it, or delete the user.", id="basico.E024")]
    return []
