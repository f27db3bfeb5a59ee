"""The shop, and the app's installation in it."""

from typing import Any

from sandbox.shopify.answers.resolvers import Context, field
from sandbox.shopify.entities import gid
from sandbox.shopify.store import APP_NUMBER


@field("QueryRoot.shop")
def shop(_: Any, context: Context) -> dict[str, Any]:
    """The shop."""
    store = context.store
    return {
        "id": gid("Shop", store.number),
        "name": store.domain.partition(".")[0],
        "email": "loja@exemplo.com.br",
        "myshopifyDomain": store.domain,
        "currencyCode": "BRL",
        "ianaTimezone": "America/Sao_Paulo",
        "timezoneOffset": "-0300",
        "url": f"https://{store.domain}",
        "primaryDomain": {"host": store.domain, "url": f"https://{store.domain}"},
        "plan": {"publicDisplayName": "Basic", "shopifyPlus": False, "partnerDevelopment": True},
    }


@field("QueryRoot.currentAppInstallation", "QueryRoot.appInstallation")
def installation(_: Any, context: Context, **__: Any) -> dict[str, Any]:
    """The app as installed here, with the scopes granted."""
    return {
        "id": gid("AppInstallation", context.store.number),
        "launchUrl": f"https://{context.store.domain}/admin/apps/bazico",
        "accessScopes": [{"handle": scope} for scope in context.store.rules.scopes],
        "activeSubscriptions": [],
        "app": app(context),
    }


@field("ShopifyFunction.app", "InventoryAdjustmentGroup.app")
def app_of(_: Any, context: Context) -> dict[str, Any]:
    """The app that made it: always this one."""
    return app(context)


@field("ShopifyFunction.appKey")
def app_key(_: Any, context: Context) -> str:
    """The app's client id."""
    return context.shopify.app.client_id


@field("QueryRoot.webhookSubscriptions")
def webhook_subscriptions(_: Any, context: Context, **__: Any) -> dict[str, Any]:
    """Shop-specific subscriptions only: those of the app's configuration are not listed."""
    page_info = {"hasNextPage": False, "hasPreviousPage": False}
    return {"nodes": [], "edges": [], "pageInfo": page_info}


def app(context: Context) -> dict[str, Any]:
    """The app."""
    return {
        "id": gid("App", APP_NUMBER),
        "title": "Bázico Estoque",
        "handle": "bazico-estoque",
        "apiKey": context.shopify.app.client_id,
    }
