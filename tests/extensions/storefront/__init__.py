"""The theme's script in a real browser, in a shop that behaves like Shopify's."""
