"""The two pages of the way to Bling and back."""
