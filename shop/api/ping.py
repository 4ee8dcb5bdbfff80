"""/ping/: is the desk up, and does its database answer?"""

import time

from django.db import connection
from django.http import HttpRequest, HttpResponse

from shop.api.base import ApiView
from shop.api.responses import make_response
from shop.web.health import database_answers


class PingView(ApiView):
    """For load balancers and the curious."""

    is_public = True

    def get(self, request: HttpRequest, pk: None) -> HttpResponse:
        """200 when the database answers, else 503 within two seconds; `latency_ms` is how long that took."""
        began = time.perf_counter()
        up = database_answers(connection)
        data = {
            "status": "ok" if up else "unavailable",
            "app": "python/django",
            "database": "ok" if up else "unavailable",
            "engine": connection.vendor,
            "latency_ms": round((time.perf_counter() - began) * 1000, 1),
        }
        return make_response(data, 200 if up else 503)
