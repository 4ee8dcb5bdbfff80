"""The WSGI entry point, `bench.do_nothing.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.do_nothing.settings")

application = get_wsgi_application()
