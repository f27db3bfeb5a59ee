"""Random lives of orders, told to the service as Shopify tells them, and judged by Shopify's own books.

:mod:`.life` draws what happens, :mod:`.merchant` makes it happen at the stand-in of Shopify, :mod:`.mail` brings the
webhooks of it in any order, twice, late or never, :mod:`.world` is the shop in which a life runs, :mod:`.verdict`
compares the books when all is quiet, and :mod:`.shrink` makes a life that failed as short as a story.
"""
