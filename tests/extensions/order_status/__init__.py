"""The block on the order-status page in a real browser, on a page that plays Shopify's."""
