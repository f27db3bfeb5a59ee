"""The pages inside Shopify's admin: a session token with each request, no cookie, framed by their own shop alone."""
