"""The WSGI entry point, `shop.wsgi:application`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

try:
    _django = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"shop cannot start. {error}")

from shop.web.charsets import wrap_application

application = wrap_application(_django)
