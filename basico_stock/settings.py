"""Django settings. Everything that differs between machines comes from the environment.

Production is the default: `DEBUG=1`, which `bin/dev` sets, allows what only a development machine may do.
"""

from urllib.parse import urlsplit

from basico_stock import celery_settings, database, environment, logs
from reservations.api import framework_settings as api

env = environment.load()

# --- What kind of machine this is -------------------------------------------------------------------------------------
DEVELOPMENT: bool = env.bool("DEBUG", default=False)
# Never Django's own debug mode: it keeps every query in memory and answers errors with pages that show settings and
# source. A development machine runs the same program as production.
DEBUG = False
SANDBOX: bool = env.bool("SANDBOX", default=False)

# --- Secrets ----------------------------------------------------------------------------------------------------------
SECRET_KEY: str = env.text("SECRET_KEY")
# The first key encrypts and all of them decrypt, so a rotation does not lose what the old key wrote.
ENCRYPTION_KEYS: list[str] = [key.strip() for key in env.text("ENCRYPTION_KEYS").split(",") if key.strip()]

# --- Addresses --------------------------------------------------------------------------------------------------------
PORT: int = env.int("PORT", default=8000)
PUBLIC_URL: str = env.text("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}" if DEVELOPMENT else "").rstrip("/")
_public_host = urlsplit(PUBLIC_URL).hostname
ALLOWED_HOSTS: list[str] = (
    ["*"] if DEVELOPMENT else [*env.list("ALLOWED_HOSTS", default=[]), *([_public_host] if _public_host else [])]
)
CSRF_TRUSTED_ORIGINS: list[str] = [PUBLIC_URL] if PUBLIC_URL else []

# --- HTTPS ------------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=not DEVELOPMENT)
# Load balancers call the first three over plain HTTP from inside. A call that Shopify has signed is refused instead: a
# redirect would repeat its signature.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^proxy/"]
SECURE_HSTS_SECONDS: int = env.int("SECURE_HSTS_SECONDS", default=0 if DEVELOPMENT else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=not DEVELOPMENT)
SECURE_HSTS_PRELOAD: bool = env.bool("SECURE_HSTS_PRELOAD", default=not DEVELOPMENT)
# Only behind a proxy that always sets or strips this header: otherwise anybody could send it.
if env.bool("TRUST_X_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of this installation stand between a caller and this process, each of which adds the address that
# called it to X-Forwarded-For.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0 if DEVELOPMENT else 1)
SESSION_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_HTTPONLY = True
# A session of staff ends with the browser, and after a working day in any case: nothing that they do makes it longer.
SESSION_EXPIRE_AT_BROWSER_CLOSE = not DEVELOPMENT
SESSION_COOKIE_AGE = 1_209_600 if DEVELOPMENT else 36_000
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- The admin --------------------------------------------------------------------------------------------------------
# From where it can be reached, as in 203.0.113.0/24,2001:db8:1:2::/64; in production from nowhere until it is said.
ADMIN_NETWORKS: list[str] = env.list("ADMIN_NETWORKS", default=["all"] if DEVELOPMENT else [])
SECOND_FACTOR_REQUIRED: bool = not DEVELOPMENT

# --- Program ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "basico_stock.apps.BazicoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "basico_stock.apps.BasicoStockConfig",
    "reservations",
    "bling_sync",
    "staff",
]
# The API pays only for the first three; sessions, sign-in, forms and languages belong to pages (see middleware.py).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "basico_stock.admin_door.AdminDoor",
    "basico_stock.middleware.SessionMiddleware",
    "basico_stock.middleware.LocaleMiddleware",
    "basico_stock.middleware.CsrfViewMiddleware",
    "basico_stock.middleware.AuthenticationMiddleware",
    "basico_stock.middleware.SecondFactorMiddleware",
    "basico_stock.middleware.MessageMiddleware",
    "basico_stock.middleware.XFrameOptionsMiddleware",
]
# These two look for Django's own names; basico.E033 and E034 look for the classes, ours included.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W003"]
ROOT_URLCONF = "basico_stock.urls"
WSGI_APPLICATION = "basico_stock.wsgi.application"
# A trailing slash can be part of a SKU, and an API answers at the address that was called.
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [environment.REPOSITORY / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data -------------------------------------------------------------------------------------------------------------
DATABASES = {"default": database.configuration(env)}
REDIS_URL: str = env.text("REDIS_URL")

# --- Background work --------------------------------------------------------------------------------------------------
# Any broker that Celery supports: Redis, RabbitMQ, SQS.
BROKER_URL: str = celery_settings.broker_url(env.text("BROKER_URL", default=REDIS_URL))
WORKER_DEAF_SECONDS: int = env.int("WORKER_DEAF_SECONDS", default=60)

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português"), ("en", "English")]
LOCALE_PATHS = [environment.REPOSITORY / "locale"]
if SANDBOX:
    LOCALE_PATHS.append(environment.REPOSITORY / "sandbox" / "locale")
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True

# --- Static files, served by the program itself -----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = None if DEVELOPMENT else environment.REPOSITORY / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
# Serves a file that somebody edits while bin/dev runs as it is now, not cut to its former length.
WHITENOISE_AUTOREFRESH = DEVELOPMENT

# --- Stock ------------------------------------------------------------------------------------------------------------
# Who hears of sales and returns: a class with the interface in reservations/erp.py.
ERP_BACKEND: str = env.text("ERP_BACKEND", default="bling_sync.erp_backend.BlingErp")
# One transaction carries the requests for one SKU that arrive together. Off: one transaction per request.
GROUP_COMMIT: bool = env.bool("GROUP_COMMIT", default=True)
DEMO_API_KEY: str = env.text("DEMO_API_KEY", default="demo-key" if DEVELOPMENT else "")
DEMO_HOLD_SECONDS: int = env.int("DEMO_HOLD_SECONDS", default=600)

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = api.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api.SPECTACULAR_SETTINGS
# Who may read /metrics outside a development machine; without a token there is no such address.
METRICS_TOKEN: str = env.text("METRICS_TOKEN", default="")
# Whether /api/docs is open outside a development machine.
API_DOCS: bool = env.bool("API_DOCS", default=False)

# --- Shopify ----------------------------------------------------------------------------------------------------------
SHOPIFY_API_KEY: str = env.text("SHOPIFY_API_KEY", default="")
SHOPIFY_API_SECRET: str = env.text("SHOPIFY_API_SECRET", default="")
# During a rotation, what the old secret signed still counts.
SHOPIFY_API_SECRET_PREVIOUS: str = env.text("SHOPIFY_API_SECRET_PREVIOUS", default="")
# The two scripts of every page inside Shopify's admin; the sandbox, which has no Shopify, brings its own.
_CDN = "https://cdn.shopify.com/shopifycloud"
APP_BRIDGE_URL: str = "/sandbox/static/app-bridge.js" if SANDBOX else f"{_CDN}/app-bridge.js"
POLARIS_URL: str = "/sandbox/static/polaris.js" if SANDBOX else f"{_CDN}/polaris.js"
SHOPIFY_ADMIN_URL: str = env.text("SHOPIFY_ADMIN_URL", default="https://{shop}")

# --- Bling ------------------------------------------------------------------------------------------------------------
BLING_CLIENT_ID: str = env.text("BLING_CLIENT_ID", default="")
BLING_CLIENT_SECRET: str = env.text("BLING_CLIENT_SECRET", default="")
# Bling's consent page and its API have different hosts; a stand-in has both below one address.
_BLING_API = "https://api.bling.com.br/Api/v3"
_BLING_CONSENT = "https://www.bling.com.br/Api/v3/oauth/authorize"
BLING_API_URL: str = env.text("BLING_API_URL", default=_BLING_API).rstrip("/")
BLING_AUTHORIZE_URL: str = env.text(
    "BLING_AUTHORIZE_URL", default=_BLING_CONSENT if BLING_API_URL == _BLING_API else f"{BLING_API_URL}/oauth/authorize"
)
# How long one call may take, and how long after it a movement may still be missing from a balance (measured: 22 s).
BLING_TIMEOUT_SECONDS: int = env.int("BLING_TIMEOUT_SECONDS", default=15)
BLING_SETTLE_SECONDS: int = env.int("BLING_SETTLE_SECONDS", default=45)

# --- Logs -------------------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(env.text("LOG_LEVEL", default="INFO").upper())
