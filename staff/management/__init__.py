"""What an operator does about staff from a terminal."""
