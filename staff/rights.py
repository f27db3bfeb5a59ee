"""Who may give which rights: nobody gives, or takes over by a new password, more than they have themselves."""

from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db.models import Q, QuerySet

from reservations.admin.seen_shops import seen_by, sees_every_shop
from reservations.models import StaffShop


def permissions_of(user: AbstractUser) -> QuerySet[Permission]:
    """The person's permissions, by themselves and by groups; of somebody inactive those that they may regain."""
    if user.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=user.pk) | Q(group__user=user.pk)).distinct()


def groups_within(user: AbstractUser) -> QuerySet[Group]:
    """The groups that give nothing that the person lacks."""
    if user.is_superuser:
        return Group.objects.all()
    lacking = Permission.objects.exclude(pk__in=permissions_of(user).values("pk"))
    return Group.objects.exclude(permissions__in=lacking)


def has_all_of(giver: AbstractUser, taker: AbstractUser) -> bool:
    """Whether `giver` has every permission and sees every shop of `taker`, who may be inactive."""
    if giver.is_superuser:
        return True
    if taker.is_superuser:
        return False
    lacking = permissions_of(taker).exclude(pk__in=permissions_of(giver).values("pk"))
    unseen = StaffShop.objects.filter(user=taker.pk).exclude(shop__in=seen_by(giver).values("pk"))
    return not lacking.exists() and not unseen.exists()


def visible_to(rows: QuerySet[AbstractUser], user: AbstractUser) -> QuerySet[AbstractUser]:
    """Those of `rows` that the person may see in a list: all, or who sees one of their shops too."""
    if sees_every_shop(user):
        return rows
    neighbours = StaffShop.objects.filter(shop__in=seen_by(user).values("pk")).values("user")
    return rows.filter(Q(pk=user.pk) | Q(pk__in=neighbours))
