"""The stock of each shop and everything that holds it."""
