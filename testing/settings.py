"""The project's settings with what every test wants different: a place of its own, and speed."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# What a developer's shell says about their own shop is not for tests.
for _name in list(os.environ):
    if _name.startswith("SHOP_") or _name == "TIME_ZONE":
        del os.environ[_name]
_var = tempfile.mkdtemp(prefix="shop-tests-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["SHOP_VAR"] = _var
Path(_var, "static").mkdir()  # where nothing is collected

from shop.settings import *  # noqa: E402, F403
from shop.settings import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

if "options" in DATABASES["default"]["OPTIONS"]:
    # Most tests run in one transaction. It may be idle for longer than that of a request, while hypothesis
    # draws examples or three engines share two cores. Without this the server would end the session.
    DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=60000"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# After a test with real commits Django loads the migrations' rows again, in the order of apps.
# CockroachDB checks foreign keys row by row, so content types come before the permissions on them.
INSTALLED_APPS = list(dict.fromkeys(["django.contrib.contenttypes", *INSTALLED_APPS]))
