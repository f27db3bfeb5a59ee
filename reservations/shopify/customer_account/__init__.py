"""What a customer's page about an order asks: are its units held, and until when?

The page is Shopify's; our extension on it calls ``/customer/order`` straight from the customer's browser, with a
session token that proves the shop. The order proves itself by its confirmation number, which Shopify shows to nobody
but the customer: docs/decisions/0016-whose-order-a-page-asks-about.md.
"""
