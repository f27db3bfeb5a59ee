"""Commands for Bling."""
