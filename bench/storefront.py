"""What the theme's script costs a slow phone: the main thread's time with and without the embed, CPU slowed four times.

    python -m bench.storefront [ROUNDS]

Pages with and without take turns, so that a busy machine troubles both alike; what counts is the difference of the
medians. Nothing is asserted: figures of a shared machine prove nothing.
"""

import shutil
import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.extensions.storefront.shop import ThemeShop

SLOWER = 4
ROUNDS = 15


FIRST_PAGES = {"a new visitor": "/checkout", "a shopper with a cart": "/cart/102:1?storefront=true"}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    shop = ThemeShop()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        print(f"main thread, CPU {SLOWER}x slower, median of {rounds} page loads: without the embed, with it")
        for who, first in FIRST_PAGES.items():
            pairs = [[cost(browser, shop, first, embedded=it) for it in (False, True)] for _ in range(rounds)]
            without, with_it = (1000 * statistics.median(each) for each in zip(*pairs, strict=True))
            print(f"{who}: {without:.0f} ms, {with_it:.0f} ms, {with_it - without:+.0f} ms, {with_it / without:.2f}x")
        browser.close()
    shop.close()


def cost(browser: Browser, shop: ThemeShop, first: str, *, embedded: bool) -> float:
    """The seconds of a page's tasks until a second after its load; `first` was visited before, with the embed."""
    shop.theme.embedded = True
    context = browser.new_context()
    page = context.new_page()
    page.goto(shop.url + first)
    page.wait_for_timeout(300)
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    shop.theme.embedded = embedded
    before = task_seconds(session)
    page.goto(shop.url)
    page.wait_for_timeout(1000)
    spent = task_seconds(session) - before
    context.close()
    return spent


def task_seconds(session: object) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]  # type: ignore[attr-defined]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


if __name__ == "__main__":
    main()
