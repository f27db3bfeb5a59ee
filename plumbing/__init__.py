"""Mechanisms that both integrations and the stock need once: nothing here knows the project."""
