"""The stock of each shop and everything that may hold it."""
