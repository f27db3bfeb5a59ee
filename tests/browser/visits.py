"""A merchant's browser: the app's pages in a frame, as Shopify's admin shows them."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page

from reservations.models import Shop

from .service import Service

# Long enough for a busy machine, short enough to tell a hang.
PATIENCE_MS = 15_000
SIZES = {1280: 900, 390: 844}


@dataclass(frozen=True)
class App:
    """The app, open in the admin. `inside` finds things in the app's page, `page` in what is around it."""

    page: Page
    inside: FrameLocator

    @property
    def frame(self) -> Frame:
        """The app's page itself, to evaluate something in it."""
        found = self.page.frame(name="app-iframe")
        assert found
        return found

    def side_scroll(self) -> int:
        """By how many pixels the app's page is wider than its frame."""
        return int(self.frame.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@dataclass
class Visits:
    """Opens pages of the service, each visitor with a browser profile of their own, and notes what went wrong there."""

    browser: Browser
    service: Service
    errors: list[str] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def admin(self, shop: Shop, path: str = "/app/", *, locale: str = "pt-BR", width: int = 1280) -> App:
        """The app's page at `path`, framed by the admin of `shop`, which is made at Shopify's stand-in when missing."""
        known = {store["shop"] for store in self.service.shopify.control.get("stores")["stores"]}
        if shop.domain not in known:
            self.service.shopify.control.post("stores", shop=shop.domain)
        query = urlencode({"shop": shop.domain, "path": path, "locale": locale})
        page = self.page(f"/sandbox/admin/?{query}", locale=locale, width=width)
        inside = page.frame_locator("#app")
        inside.locator("s-page").first.wait_for()
        return App(page, inside)

    def page(self, path: str, *, locale: str = "pt-BR", width: int = 1280) -> Page:
        """Any page of the service."""
        page = self.visitor(locale=locale, width=width).new_page()
        page.goto(self.service.url + path)
        return page

    def visitor(self, *, locale: str = "pt-BR", width: int = 1280) -> BrowserContext:
        """A browser profile that nobody has used."""
        size = {"width": width, "height": SIZES.get(width, 900)}
        context = self.browser.new_context(locale=locale, viewport=size)  # type: ignore[arg-type]
        self._open.callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context

    def close(self) -> None:
        """Close every browser profile."""
        self._open.close()
