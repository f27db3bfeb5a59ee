"""`python -m bench.pages`: what a merchant waits for, in headless Chromium, beside a running `bin/dev`.

Two shops: one with 10,000 SKUs and 1,000 live reservations, and, as the baseline of the same run, one with two SKUs.
For each page: Largest Contentful Paint, Cumulative Layout Shift, and the longest interaction (typing into a search,
opening a reason, a click) as Event Timing sees it: 0 is one of less than 16 ms.
"""

import argparse
import os
import shutil
import statistics
import sys
from collections.abc import Callable
from urllib.parse import urlencode

import django

BIG, SMALL = "bench-pages.myshopify.com", "bench-pages-small.myshopify.com"
SKUS, HOLDS = 10_000, 1_000
PAGES = ("/app/", "/app/stock/", "/app/reservations/", "/app/bling/", "/app/settings/")
ROUNDS = 3
OBSERVE = """() => {
  window.seen = { lcp: 0, cls: 0, inp: 0 };
  const watch = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (entry) => { window.seen.lcp = entry.startTime; });
  watch("layout-shift", (entry) => { if (!entry.hadRecentInput) window.seen.cls += entry.value; });
  watch("event", (entry) => { if (entry.interactionId) window.seen.inp = Math.max(window.seen.inp, entry.duration); }, { durationThreshold: 16 });
}"""  # noqa: E501


def main() -> int:
    """Fill the two shops, open their pages, print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
    django.setup()
    from django.conf import settings

    for domain, skus, holds in ((BIG, SKUS, HOLDS), (SMALL, 2, 0)):
        fill(domain, skus, holds)
    print(f"{'page':20} {'LCP ms':>8} {'small':>8} {'ratio':>6} {'CLS':>6} {'longest interaction ms':>23}")
    for page in PAGES:
        big, small = (measured(settings.PUBLIC_URL, domain, page, asked.rounds) for domain in (BIG, SMALL))
        ratio = big["lcp"] / (small["lcp"] or 1)
        print(f"{page:20} {big['lcp']:8.0f} {small['lcp']:8.0f} {ratio:6.2f} {big['cls']:6.3f} {big['inp']:23.0f}")
    return 0


def fill(domain: str, skus: int, holds: int) -> None:
    """The shop with so many SKUs, and as many live reservations as asked for."""
    import requests
    from django.conf import settings

    from bench.shops import put_in_many
    from reservations import engine
    from reservations.models import Shop, StockItem

    shop, _ = Shop.objects.get_or_create(domain=domain)
    Shop.objects.filter(pk=shop.pk).update(hold_seconds=3_600)
    control = settings.SHOPIFY_ADMIN_URL.replace("/{shop}", "")
    requests.post(f"{control}/_control/stores", json={"shop": domain}, timeout=10)
    if not StockItem.objects.filter(shop=shop).exists():
        if skus == SKUS:
            put_in_many(shop, 11)
        else:
            for number in range(skus):
                engine.apply_count(shop.pk, f"SKU-{number:05}", 11)
    live = engine_holds(shop.pk)
    for number in range(live, holds):
        engine.reserve(shop.pk, [engine.Line(f"SKU-{number:05}", 1)])


def engine_holds(shop_id: int) -> int:
    """The live reservations of the shop."""
    from django.db.models.functions import Now

    from reservations.models import Reservation

    return Reservation.objects.filter(shop=shop_id, status="active", expires_at__gt=Now()).count()


def measured(url: str, domain: str, path: str, rounds: int) -> dict[str, float]:
    """The medians of some visits, each with a browser profile of its own."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = [visit(browser.new_context, url, domain, path) for _ in range(rounds)]
        browser.close()
    return {name: statistics.median(one[name] for one in found) for name in ("lcp", "cls", "inp")}


def visit(new_context: Callable[..., object], url: str, domain: str, path: str) -> dict[str, float]:
    """Open the page, use it a little, and read what the browser noted."""
    context = new_context(viewport={"width": 1280, "height": 900}, locale="pt-BR")
    page = context.new_page()  # type: ignore[attr-defined]
    page.goto(f"{url}/sandbox/admin/?{urlencode({'shop': domain, 'path': path})}")
    inside = page.frame_locator("#app")
    inside.locator("s-page").first.wait_for()
    frame = page.frame(name="app-iframe")
    frame.evaluate(OBSERVE)
    page.wait_for_timeout(1_500)
    field, reason = inside.locator("s-search-field"), inside.locator("summary")
    if field.count():
        field.first.click()
        page.keyboard.type("SKU-00", delay=60)
    elif reason.count():
        reason.first.click()
    else:
        inside.locator("s-page").first.click()
    page.wait_for_timeout(1_500)
    seen: dict[str, float] = frame.evaluate("() => window.seen")
    context.close()  # type: ignore[attr-defined]
    return seen


if __name__ == "__main__":
    sys.exit(main())
