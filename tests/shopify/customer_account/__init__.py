"""The address that a customer's page about an order asks."""
