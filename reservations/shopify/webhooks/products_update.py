"""``products/update``: a product's SKUs may have changed. It also comes after every sale, mostly without news."""

from . import product_event
from .handler import Handler

handler = Handler(product_event.apply, product_event.fetch)
