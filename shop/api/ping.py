"""/ping/ reports whether the server is up and its database answers."""

import time

from django.db import connection
from django.http import HttpRequest, HttpResponse

from shop.api.base import ApiView
from shop.api.responses import make_response
from shop.web.health import database_answers


class PingView(ApiView):
    """For load balancers and monitoring."""

    is_public = True

    def get(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Answers 200 when the database answers, otherwise 503 within two seconds."""
        start = time.perf_counter()
        up = database_answers(connection)
        data = {
            "status": "ok" if up else "unavailable",
            "app": "python/django",
            "database": "ok" if up else "unavailable",
            "engine": connection.vendor,
            "latency_ms": round((time.perf_counter() - start) * 1000, 1),
        }
        return make_response(data, 200 if up else 503)
