"""``POST /proxy/web-vitals``: how fast a shop's pages are for real visitors, where the merchant lets the theme say so.

Three numbers of one page, and nothing of who saw it. They go into this process's figures by shop, and nowhere else.
"""

from functools import cache
from typing import Any

from django.http import HttpResponse
from prometheus_client import Histogram

from reservations.api.pipeline import ApiRequest, ApiView, StrictField, StrictSerializer

# Each has a bound at what Google and Shopify call good: 2.5 s, 200 ms, 0.1.
LCP_SECONDS = Histogram(
    "bazico_web_vitals_lcp_seconds",
    "Largest contentful paint of pages with the theme's script, as visitors' browsers say",
    ["shop"],
    buckets=(0.5, 1, 1.5, 2, 2.5, 4, 8),
)
INP_SECONDS = Histogram(
    "bazico_web_vitals_inp_seconds",
    "The slowest answer of such a page to its visitor",
    ["shop"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2),
)
CLS = Histogram(
    "bazico_web_vitals_cls",
    "How far such a page moved by itself",
    ["shop"],
    buckets=(0.001, 0.01, 0.05, 0.1, 0.25, 0.5),
)

# A figure, and how many of the member's units are one of its own.
_FIGURES = {"lcp_ms": (LCP_SECONDS, 1_000), "inp_ms": (INP_SECONDS, 1_000), "cls_ten_thousandths": (CLS, 10_000)}
_MOST = 60_000

_of_shop = cache(lambda name, shop: _FIGURES[name][0].labels(shop))


class MeasureField(StrictField):
    """A number of a page: a JSON integer. Anybody can send any, so those beyond a minute, or below 0, count as that."""

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if type(data) is not int:
            self.fail("not_an_integer")
        return min(max(data, 0), _MOST)


class WebVitalsSerializer(StrictSerializer):
    """What a browser measured of one page; a page that nobody touched has no ``inp_ms``."""

    lcp_ms = MeasureField(required=False)
    inp_ms = MeasureField(required=False)
    cls_ten_thousandths = MeasureField(required=False)


WEB_VITALS = WebVitalsSerializer()


class WebVitalsView(ApiView):
    """A page tells how fast it was."""

    def post(self, request: ApiRequest) -> HttpResponse:
        """Count it. Nobody waits for the answer, which is empty."""
        measured = self.read(request, WEB_VITALS)
        for name, number in measured.items():
            _of_shop(name, request.shop.domain).observe(number / _FIGURES[name][1])
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
