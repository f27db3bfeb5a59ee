"""What the theme's script costs a shop in Lighthouse's eyes: its performance score with and without the embed.

    npm ci --prefix bench/lighthouse
    python -m bench.storefront_score [ROUNDS]

Shopify's rule: an app may lower the score by 10 points at most, weighted by page. Pages with and without take turns;
the difference of the medians counts. Lighthouse plays a slow phone, as a new visitor with an empty cart.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from tests.extensions.storefront.shop import ThemeShop

ROUNDS = 5
# Page, address in the tests' plain theme, Shopify's weight in percent.
PAGES = (("home", "/home", 17), ("product", "/", 40), ("collection", "/grid", 43))
METRICS = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint", "TBT": "total-blocking-time"}
_LIGHTHOUSE = Path(__file__).parent / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
_FLAGS = ("--quiet", "--only-categories=performance", "--output=json", "--chrome-flags=--headless=new --no-sandbox")


def main() -> None:
    """Print a line for each page, and the weighted difference."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    shop = ThemeShop()
    drop = 0.0
    print(f"Lighthouse's performance score, median of {rounds}: without the embed, with it")
    for name, path, weight in PAGES:
        pairs = [[audit(shop, path, embedded=it) for it in (False, True)] for _ in range(rounds)]
        without, with_it = (
            {key: statistics.median(each[key] for each in side) for key in side[0]} for side in zip(*pairs, strict=True)
        )
        drop += weight / 100 * (without["score"] - with_it["score"])
        figures = ", ".join(f"{key} {without[key]:.0f} and {with_it[key]:.0f} ms" for key in METRICS)
        print(f"{name} ({weight} %): {without['score']:.0f}, {with_it['score']:.0f}; {figures}", flush=True)
    print(f"weighted drop: {drop:.1f} points; nothing moved in any run")
    shop.close()


def audit(shop: ThemeShop, path: str, *, embedded: bool) -> dict[str, float]:
    """One page load: the score from 0 to 100, and the metrics in milliseconds."""
    shop.theme.embedded = embedded
    shop.carts.clear()
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(
        [_LIGHTHOUSE, shop.url + path, *_FLAGS],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    report = json.loads(done.stdout)
    assert report["audits"]["cumulative-layout-shift"]["numericValue"] < 0.001, "something moved"
    measured = {key: float(report["audits"][name]["numericValue"]) for key, name in METRICS.items()}
    return {"score": 100 * report["categories"]["performance"]["score"], **measured}


if __name__ == "__main__":
    main()
