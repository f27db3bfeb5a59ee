"""Today, the app's first page: whether the sale is safe, in five seconds."""

from .today_page import embed_observed, guide_put_away, today

__all__ = ["embed_observed", "guide_put_away", "today"]
