"""The web program. Any WSGI server loads `application`; on a misconfigured machine loading it ends the process."""

import os

from basico_stock import startup

startup.stop_when_asked_while_loading()

from django.core.wsgi import get_wsgi_application  # noqa: E402

from reservations.api import web_process  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
web_process.share_metrics()
application = web_process.keep_raw_path(get_wsgi_application())
web_process.spare_requests()
startup.refuse_mistakes()
startup.settle_memory()
