"""The Django project: settings, addresses, background work, and the services of a development machine."""
