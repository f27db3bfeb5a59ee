"""Orders: their payment and what it means for their units."""
