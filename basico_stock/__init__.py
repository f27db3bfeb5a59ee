"""The Django project: settings, addresses, background work, and in ``dev/`` what a development machine runs."""
