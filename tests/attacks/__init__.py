"""What one shop can see and change of another's: nothing, at any address."""
