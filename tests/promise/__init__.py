"""The promise: what stays true in races, after faults, in recorded histories, beside a model and in the database."""
