"""System checks: a mistaken machine does not start, and says why."""
