"""Who speaks for which shop: domains, signatures, session tokens, the installation and its tokens."""
