"""The book: what a transaction of the engine locks, reads, decides on and writes."""
