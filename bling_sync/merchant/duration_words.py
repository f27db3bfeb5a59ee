"""How long an import takes, in words that promise no more than the figures do."""

import math

from django.utils.translation import gettext as _

from bling_sync.catalogue.workload import Estimate
from reservations.merchant.grouped import grouped

_SHORT, _TENS, _MINUTE = 10, 10, 60


def about(seconds: float) -> str:
    """A duration, rounded up as people say it."""
    if seconds <= _SHORT:
        return _("a few seconds")
    if seconds <= 1.5 * _MINUTE:
        return _("about %(count)d s") % {"count": math.ceil(seconds / _TENS) * _TENS}
    return _("about %(count)d min") % {"count": math.ceil(seconds / _MINUTE)}


def left(seconds: float | None) -> str:
    """How much longer a run takes."""
    if seconds is None:
        return _("How long it takes is known once all products are read.")
    return _("Time left: %(time)s.") % {"time": about(seconds)}


def comparing(estimate: Estimate | None) -> str:
    """What the merchant reads before a comparison."""
    if estimate is None:
        return _(
            "Bling does not say how many products it has before they are read. At its two requests a second, 1,000 "
            "products take about 20 s and 10,000 about 3 min."
        )
    return _("%(time)s: %(calls)s requests to Bling for around %(products)s products, two a second.") % {
        "time": about(estimate.seconds).capitalize(),
        "calls": grouped(estimate.calls),
        "products": grouped(estimate.products),
    }


def applying(estimate: Estimate) -> str:
    """What the merchant reads before a rehearsal is applied."""
    return _("%(time)s, with %(calls)s requests to Bling.") % {
        "time": about(estimate.seconds).capitalize(),
        "calls": grouped(estimate.calls),
    }
