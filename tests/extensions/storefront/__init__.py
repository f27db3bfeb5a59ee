"""The theme's script in a real browser, in a shop that behaves like one of Shopify's."""
