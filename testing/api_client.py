"""A client of the JSON API, as other programs are."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.test import Client

from shop.models import User
from shop.staff.tokens import create_token


class Api:
    """Speaks JSON with a new token of `staff`, or without one."""

    def __init__(self, staff: User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {create_token(user=staff)}"} if staff else {}

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes = b"", **headers: str) -> Any:
        """Sends `body` as JSON, or exactly the bytes `raw`. Returns the response."""
        data = raw if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        # As a header: the test client leaves a content type out when there is no body.
        all_headers = {"Content-Type": "application/json"} | self.headers | named
        return self.client.generic(method, path, data, headers=all_headers)

    def get(self, path: str) -> Any:
        """Sends a GET. Returns the JSON of the response, which must be a 200."""
        return read_json(self.send("GET", path), HTTPStatus.OK)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Sends a POST. Returns the JSON of the response, which must be a 200."""
        return read_json(self.send("POST", path, body, raw=b"", **headers), HTTPStatus.OK)

    def put(self, path: str, body: Any) -> Any:
        """Sends a PUT. Returns the JSON of the response, which must be a 200."""
        return read_json(self.send("PUT", path, body), HTTPStatus.OK)

    def refused(self, status: int, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Sends a request that must be refused with `status`. Returns the error."""
        error = read_json(self.send(method, path, body, **more), status)
        assert set(error) >= {"error", "detail", "fields"}
        return error


def read_json(response: HttpResponse, status: int) -> Any:
    """Returns the JSON of a response, which must have this status."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    assert "no-store" in response.headers["Cache-Control"]
    return json.loads(response.content)
