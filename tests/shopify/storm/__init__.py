"""Thousands of webhooks in disorder, while workers are killed and the broker forgets."""
