"""``products/create``: variants that may sell what the stock has."""

from . import product_event
from .handler import Handler

handler = Handler(product_event.apply, product_event.fetch)
