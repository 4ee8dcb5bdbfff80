"""No middleware, one view; the same database settings, but one statement a request is really one."""

import os
from pathlib import Path

from shop.configuration import read_database

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.do_nothing.urls"
# Without the health check, which would be a second statement.
DATABASES = {"default": read_database(os.environ["DATABASE_URL"], Path()) | {"CONN_HEALTH_CHECKS": False}}
USE_TZ = True
