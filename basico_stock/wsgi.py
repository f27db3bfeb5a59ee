"""The web program. Any WSGI server loads `application`; loading it ends the process on a mistaken machine."""

import os

from django.core.wsgi import get_wsgi_application

from basico_stock import startup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
application = get_wsgi_application()
startup.refuse_mistakes()
