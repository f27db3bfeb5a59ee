"""Whose rows a member of staff sees: those of every shop, or those of the shops that somebody gave them.

Nobody sees every shop by default: a superuser does, and whoever has the permission. Each list, row, filter, search,
form and action of the admin asks here, and a table that belongs to no shop is for those who see them all.
"""

from typing import TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model, QuerySet

from reservations.models import Shop, StaffShop

EVERY_SHOP = "reservations.see_every_shop"
Staff = AbstractUser | AnonymousUser
Row = TypeVar("Row", bound=Model)


def sees_every_shop(user: Staff) -> bool:
    """Whether this member of staff sees every shop, those to come as well."""
    return user.has_perm(EVERY_SHOP)


def seen_by(user: Staff) -> QuerySet[Shop]:
    """The shops that this member of staff sees."""
    if sees_every_shop(user):
        return Shop.objects.all()
    return Shop.objects.filter(pk__in=StaffShop.objects.filter(user=user.pk).values("shop"))


def narrowed(rows: QuerySet[Row], user: Staff) -> QuerySet[Row]:
    """Those of `rows` that this member of staff may see."""
    if sees_every_shop(user):
        return rows
    if rows.model is Shop:
        return rows.filter(pk__in=seen_by(user).values("pk"))
    if any(field.name == "shop" for field in rows.model._meta.fields):
        return rows.filter(shop__in=seen_by(user).values("pk"))
    return rows.none()
