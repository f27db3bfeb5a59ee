"""The promise: what holds whatever happens, in races, faults, recorded histories, a model and the database itself."""
