"""Stock: every SKU of the shop, and one SKU with all that its numbers come from."""

from .stock_pages import stock, stock_item

__all__ = ["stock", "stock_item"]
