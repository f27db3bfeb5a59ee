"""Django's admin for those who run the service: its name, its order, and the page that finds anything."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.main import ERROR_FLAG
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

# Sections of related models, the ones that people look for first on top. A model named in none comes last.
SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Stock"), ("StockItem", "Reservation", "StockMovement", "Shortfall", "Refusal")),
    (_("Orders and carts"), ("ShopifyOrder", "Cart", "ShopifyCart")),
    ("Bling", ("Push", "Difference", "Product", "Connection", "ImportRun", "ImportLine", "WebhookEvent")),
    (
        "Shopify",
        (
            *("WebhookDelivery", "SkuLink", "CatalogueWalk", "VariantGuard", "PublishedLevel"),
            *("ShopifyInstallation", "PrivacyRequest"),
        ),
    ),
    (_("Shops and access"), ("Shop", "ApiKey", "User", "Group")),
    (
        _("Inner workings"),
        ("Heartbeat", "IdempotencyRecord", "AuthorizationRequest", "Lease", "RequestSlot", "TokenCall"),
    ),
)
NUL = "\0"
_PLACE = {name: place for place, name in enumerate(name for _title, names in SECTIONS for name in names)}


class BazicoAdminSite(AdminSite):
    """One site for the stock, Shopify and Bling."""

    site_header = "Bázico"
    site_title = "Bázico"
    index_title = _("Stock and reservations")
    # No "view site" link: the storefront is Shopify's.
    site_url = None
    # The lists are wide, and the way home is one click.
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in with name and password; whoever has to prove a second factor goes on to that."""
        # The form needs models, as below.
        from staff import known_browser, pages, second_factor, sign_in

        self.login_form, self.login_template = sign_in.SignInForm, "admin/bazico/sign_in.html"
        if request.method == "GET" and super().has_permission(request) and not second_factor.is_proven(request):
            return HttpResponseRedirect(pages.where_to(request))
        answer = super().login(request, extra_context)
        # Only a right password redirects; a wrong one brings the form again, even for somebody who is signed in.
        if request.method == "POST" and isinstance(answer, HttpResponseRedirect):
            if not second_factor.is_proven(request):
                return HttpResponseRedirect(pages.where_to(request))
            known_browser.remember(answer, request.user.get_username(), reverse("admin:index"))
        return answer

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the request is of active staff who have proven what this machine asks of them."""
        from staff import second_factor

        return super().has_permission(request) and second_factor.is_proven(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The usual pages, the one that finds anything, and the steps between the password and all of them."""
        from staff import pages

        return [
            path("where/", self.admin_view(self.where), name="where"),
            path("second-factor/", pages.prove, name="second_factor"),
            path("second-factor/set-up/", pages.set_up, name="second_factor_set_up"),
            # Before Django's own, which lets nobody leave who is not through yet.
            path("logout/", self.logout, name="logout"),
            *super().get_urls(),
        ]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  (Django's)
        """The view for those who may use the admin, without NUL in its address, which PostgreSQL's text cannot hold."""
        guarded = super().admin_view(view, cacheable)

        def view_or_refusal(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if NUL in request.path:
                raise Http404
            if any(NUL in text for values in request.GET.lists() for text in (values[0], *values[1])):
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
            answer: HttpResponseBase = guarded(request, *args, **kwargs)
            return answer

        return update_wrapper(view_or_refusal, guarded)

    def where(self, request: HttpRequest) -> HttpResponseBase:
        """The page "Where is ...?"."""
        # The page needs models, which are not loaded yet when this module is.
        from reservations.admin.where.view import where_view

        return where_view(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models that this member of staff may see: in our sections, or those of one app."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=_place_of)
        return apps if app_label else _in_sections(apps)


def _place_of(model: Any) -> int:
    return _PLACE.get(model["object_name"], len(_PLACE))


def _in_sections(apps: list[Any]) -> list[Any]:
    models = [model | {"app_label": app["app_label"]} for app in apps for model in app["models"]]
    placed = {name for _title, names in SECTIONS for name in names}
    rest = tuple(sorted({model["object_name"] for model in models} - placed))
    sections = []
    for title, names in (*SECTIONS, (_("Other"), rest)):
        found = sorted((model for model in models if model["object_name"] in names), key=_place_of)
        if found:
            label = found[0]["app_label"]
            page = reverse("admin:app_list", kwargs={"app_label": label})
            sections.append(
                {"name": title, "app_label": label, "app_url": page, "has_module_perms": True, "models": found}
            )
    return sections
