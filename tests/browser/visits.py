"""A merchant's browser: it shows the app's pages in a frame, as Shopify's admin does."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page

from reservations.models import Shop
from tests.support.chromium import PATIENCE_MS

from .service import Service

SIZES = {1280: 900, 390: 844}


@dataclass(frozen=True)
class App:
    """The app, open in the admin. `inside` finds things in the app's page, `page` around it."""

    page: Page
    inside: FrameLocator

    @property
    def frame(self) -> Frame:
        """The app's page itself, to run scripts in."""
        found = self.page.frame(name="app-iframe")
        assert found
        return found

    def side_scroll(self) -> int:
        """How many pixels the app's page is wider than its frame."""
        return int(self.frame.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@dataclass
class Visits:
    """Opens pages of the service, each visitor with their own browser profile, and notes what goes wrong there."""

    browser: Browser
    service: Service
    errors: list[str] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def admin(self, shop: Shop, path: str = "/app/", *, locale: str = "pt-BR", width: int = 1280) -> App:
        """Open the app's page at `path` in the admin of `shop`, which the stand-in makes if it is missing."""
        known = {store["shop"] for store in self.service.shopify.control.get("stores")["stores"]}
        if shop.domain not in known:
            self.service.shopify.control.post("stores", shop=shop.domain)
        query = urlencode({"shop": shop.domain, "path": path, "locale": locale})
        page = self.page(f"/sandbox/admin/?{query}", locale=locale, width=width)
        inside = page.frame_locator("#app")
        inside.locator("s-page").first.wait_for()
        return App(page, inside)

    def page(self, path: str, *, locale: str = "pt-BR", width: int = 1280) -> Page:
        """Open any page of the service."""
        page = self.visitor(locale=locale, width=width).new_page()
        page.goto(self.service.url + path)
        return page

    def visitor(self, *, locale: str = "pt-BR", width: int = 1280) -> BrowserContext:
        """A fresh browser profile."""
        size = {"width": width, "height": SIZES.get(width, 900)}
        context = self.browser.new_context(locale=locale, viewport=size)  # type: ignore[arg-type]
        self._open.callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context

    def close(self) -> None:
        """Close every browser profile."""
        self._open.close()
