"""What every stand-in is made of, whichever service it plays."""
