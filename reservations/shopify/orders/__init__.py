"""Orders: the facts that Shopify told of each, and the stock brought into line with them."""
