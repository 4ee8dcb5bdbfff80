"""A browser in which a member of staff is signed in, and a parser of its pages."""

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from shop.models import Order, User

HTMX = {"HX-Request": "true"}
VOID = {"input", "link", "meta", "br", "img", "hr"}


def signed_in(user: User, *, csrf: bool = False) -> Client:
    """Returns a browser in which `user` is signed in. An exception becomes a 500, as in production."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
    client.force_login(user)
    return client


def post_step(client: Client, order: Order, name: str, data: dict[str, Any], **headers: str) -> Any:
    """Posts a step of an order, such as "park". Returns the response."""
    return client.post(f"{order.get_absolute_url()}{name}/", data, headers=headers)


class Page(HTMLParser):
    """The elements of a response, (tag, attributes) in their order, and its text."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.within: list[str] = []
        self.source = response.content.decode()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if data.strip() and self.within and self.within[-1] in ("script", "style"):
            self.elements.append((f"inline {self.within[-1]}", {}))

    @property
    def text(self) -> str:
        """The text of the page, with single spaces."""
        return re.sub(r"\s+", " ", " ".join(self.texts)).strip()

    @property
    def is_whole(self) -> bool:
        return self.source.lstrip().startswith("<!doctype html>")

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """Returns the attributes of each element `tag` that has the `wanted` ones."""
        return [
            attrs
            for name, attrs in self.elements
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]

    def value(self, name: str) -> str:
        """Returns the value of the first field called `name`."""
        return self.all("input", name=name)[0].get("value", "")

    def fields(self, action: str) -> dict[str, str]:
        """Returns the inputs of the first form whose address ends in `action`: values by names."""
        forms = {i: attrs.get("action", "") for i, (tag, attrs) in enumerate(self.elements) if tag == "form"}
        first = next(number for number, address in forms.items() if address.endswith(action))
        last = next((number for number in forms if number > first), len(self.elements))
        inputs = [attrs for tag, attrs in self.elements[first:last] if tag == "input"]
        return {attrs["name"]: attrs.get("value", "") for attrs in inputs if "name" in attrs}

    def snapshot(self, action: str = "") -> dict[str, str]:
        """Returns the snapshot field of the form whose address ends in `action`, ready to be sent."""
        return {"snapshot": self.fields(action)["snapshot"] if action else self.value("snapshot")}

    @property
    def focused_names(self) -> list[str]:
        """The names of the elements with `autofocus`."""
        return [attrs.get("name", name) for name, attrs in self.elements if "autofocus" in attrs]


def notices(response: HttpResponse) -> str:
    """Returns the messages that the next page will show, as the cookie holds them."""
    cookie = response.cookies.get("messages")
    return html.unescape(cookie.value) if cookie else ""
