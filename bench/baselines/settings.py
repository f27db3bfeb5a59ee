"""Django settings of the baselines: the service's database and pool, DRF as it comes, and no middleware at all."""

from basico_stock.settings import ALLOWED_HOSTS, DATABASES, DEFAULT_AUTO_FIELD, SECRET_KEY, USE_TZ

__all__ = ["ALLOWED_HOSTS", "DATABASES", "DEFAULT_AUTO_FIELD", "SECRET_KEY", "USE_TZ"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "bench.baselines.textbook",
]
# Less than any real project has, so that the comparison flatters the baselines and not the service.
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.baselines.urls"
