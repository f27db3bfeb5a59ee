"""The Admin API: one function runs one of our documents in one shop."""
