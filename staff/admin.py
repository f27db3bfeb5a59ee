"""Users and groups in the admin, by the rule that nobody gives more than they have."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from reservations.admin.seen_shops import narrowed, seen_by, sees_every_shop
from reservations.models import StaffShop

from . import rights

admin.site.unregister(User)
admin.site.unregister(Group)


class SeenShops(admin.TabularInline):
    """The shops that a member of staff sees. Somebody gives those that they see themselves."""

    model = StaffShop
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The shops that both see."""
        return narrowed(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the shops that the editor sees."""
        return super().formfield_for_foreignkey(db_field, request, queryset=seen_by(request.user), **kwargs)


@admin.register(User)
class BoundedUserAdmin(UserAdmin):
    """People who sign in. Who is no superuser makes none, and edits nobody who may do or see more."""

    inlines = (SeenShops,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Everybody, or the staff of one's own shops."""
        return rights.visible_to(super().get_queryset(request), _editor(request))

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        """Shops are given to somebody who exists."""
        return super().get_inlines(request, obj) if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Only a superuser makes superusers."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if _editor(request).is_superuser else (*fields, "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the groups and permissions that the editor has."""
        if db_field.name == "groups":
            kwargs["queryset"] = rights.groups_within(_editor(request))
        if db_field.name == "user_permissions":
            kwargs["queryset"] = rights.permissions_of(_editor(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Somebody new has no shop yet, so only who sees every shop finds them again."""
        return super().has_add_permission(request) and sees_every_shop(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes whom they could become by a new password, and would be more than they are."""
        return super().has_change_permission(request, obj) and _reaches(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nor deletes them."""
        return super().has_delete_permission(request, obj) and _reaches(request, obj)


@admin.register(Group)
class BoundedGroupAdmin(GroupAdmin):
    """Permissions under a name. A group that gives more than its editor has is not the editor's to change."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Offer the permissions that the editor has."""
        if db_field.name == "permissions":
            kwargs["queryset"] = rights.permissions_of(_editor(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the editor has all that the group gives."""
        return super().has_change_permission(request, obj) and _gives(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same."""
        return super().has_delete_permission(request, obj) and _gives(request, obj)


def _editor(request: HttpRequest) -> Any:
    return request.user


def _reaches(request: HttpRequest, user: User | None) -> bool:
    return user is None or rights.has_all_of(_editor(request), user)


def _gives(request: HttpRequest, group: Group | None) -> bool:
    return group is None or rights.groups_within(_editor(request)).filter(pk=group.pk).exists()
