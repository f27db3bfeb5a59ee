"""Stock: every SKU of the shop, and one SKU with all that its numbers come from."""

from .catalogue import read_catalogue
from .stock_pages import stock, stock_item

__all__ = ["read_catalogue", "stock", "stock_item"]
