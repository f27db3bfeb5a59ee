"""The web program of the baselines (a) and (c)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.baselines.settings")
application = get_wsgi_application()
