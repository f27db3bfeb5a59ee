"""Rules of the house, read from the source and the documents."""
