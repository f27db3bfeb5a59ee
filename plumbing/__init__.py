"""Mechanisms that the stock and both integrations share. Nothing here knows the project."""
