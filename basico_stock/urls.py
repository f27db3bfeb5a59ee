"""Every address of the service."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from reservations.api import urls as api_urls
from reservations.api.authentication import ApiKeyAuthentication
from reservations.shopify.access.session_authentication import SessionTokenAuthentication

urlpatterns = [
    # Not by include(): one level less to resolve in a flash sale.
    *api_urls.addresses(ApiKeyAuthentication, SessionTokenAuthentication),
    path("admin/", admin.site.urls),
    path("app/bling/", include("bling_sync.merchant.urls")),
    path("app/", include("reservations.merchant.urls")),
    path("shopify/", include("reservations.shopify.urls")),
    path("customer/", include("reservations.shopify.customer_account.urls")),
    path("proxy/", include("reservations.shopify.proxy.urls")),
    path("bling/", include("bling_sync.urls")),
]
if settings.DEVELOPMENT and settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("sandbox.pages.urls")))
    # Where a browser goes first.
    urlpatterns.append(path("", RedirectView.as_view(url="/sandbox/")))

# Where no view answers these do: in JSON, and inside Shopify's admin with a page.
handler400 = "reservations.api.exception_handler.bad_request"
handler403 = "reservations.api.exception_handler.forbidden"
handler404 = "basico_stock.error_handlers.not_found"
handler500 = "basico_stock.error_handlers.server_error"
