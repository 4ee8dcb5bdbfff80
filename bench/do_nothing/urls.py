"""Every address is the same do-nothing view."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import re_path


def nothing(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    # CommonMiddleware would say the length; without one the connection would not be kept.
    return HttpResponse("ok", headers={"Content-Length": "2"})


urlpatterns = [re_path("", nothing)]
