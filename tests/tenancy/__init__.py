"""What one shop can see and do of another's: nothing, at any address."""
