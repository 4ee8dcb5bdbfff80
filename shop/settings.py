"""Settings, from the environment. Out of the box: SQLite under `var/`, safe defaults.

README.md lists the variables; `configuration.py` reads and checks them.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from shop import configuration
from shop.documents import configuration as documents
from shop.money import configuration as money

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("SHOP_VAR") or BASE_DIR / "var")

configuration.make_private(VAR_DIR)

DATABASE_URL = os.environ.get("DATABASE_URL", "")
EMBEDDED = not DATABASE_URL
DATABASES = {"default": configuration.read_database(DATABASE_URL, VAR_DIR)}
#: Sends no telemetry to Cockroach Labs.
DISABLE_COCKROACHDB_TELEMETRY = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = configuration.get_secret_key(VAR_DIR, embedded=EMBEDDED)
DEBUG = configuration.read_debug(embedded=EMBEDDED)
ALLOWED_HOSTS = configuration.read_allowed_hosts(embedded=EMBEDDED)

SHOP_NAME = configuration.read_shop_name()
SHOP_ADDRESS = documents.read_address()
SHOP_TAX_ID = documents.read_tax_id()
SHOP_CURRENCY = money.read_currency()
SHOP_DECIMALS = money.count_decimals(SHOP_CURRENCY)
SHOP_CASH_STEP = money.read_cash_step(SHOP_CURRENCY)
SHOP_PRICES_INCLUDE_TAX = configuration.read_flag("SHOP_PRICES_INCLUDE_TAX", default=True)
SHOP_KEEP_BALANCES = configuration.read_flag("SHOP_KEEP_BALANCES")
SHOP_API_ANONYMOUS = configuration.read_flag("SHOP_API_ANONYMOUS")
SHOP_METRICS = configuration.read_flag("SHOP_METRICS")

#: The port of `make run`, for messages only: deploy/gunicorn.conf.py binds it.
SHOP_PORT = configuration.read_port()

INSTALLED_APPS = [
    "shop",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "shop.apps.ShopStaticFilesConfig",
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "bootstrap",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.web.middleware.ObservedMiddleware",
    "csp.middleware.CSPMiddleware",
    "shop.web.charsets.CharsetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shop.web.middleware.StaffMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.web.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.web.middleware.PagesMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "template_partials.templatetags.partials",
                "shop.templatetags.shop",
                "shop.saved_views.tags",
                "shop.till.tags",
                "shop.payments.tags",
                "shop.documents.tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "shop.User"
SESSION_ENGINE = "shop.staff.sessions"
SESSION_COOKIE_AGE = configuration.read_idle_minutes() * 60
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# New passwords use the first. A password that another one hashed is hashed again at the next sign-in.
PASSWORD_HASHERS = [
    "shop.staff.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Messages travel in a cookie, so showing one never writes to the database.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = configuration.read_time_zone()

STATIC_URL = "static/"
# No other site needs our static files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "shop.web.static_files.HashedStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws its icons (check marks, the select's arrow) as data: images.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# The longest form has some 40 KB; shop/web/buffered_worker.py takes twice this at most. No page takes files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 0
# Imported orders have more than 1,000 lines at times, and a return asks for the units of each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
CSRF_FAILURE_VIEW = "shop.web.error_pages.csrf_failure"
CSRF_TRUSTED_ORIGINS = configuration.read_trusted_origins()
SESSION_COOKIE_HTTPONLY = True
#: Set behind a proxy with TLS: cookies travel over https only, and the proxy's header is trusted.
SHOP_HTTPS = configuration.read_flag("SHOP_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SHOP_HTTPS
if SHOP_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "shop.web.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s request=%(request_id)s %(message)s"}
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
