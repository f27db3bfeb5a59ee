"""The page inside Shopify's admin: no cookie, a session token with each request, framed by its own shop alone."""
