"""Every address of shop, from its URLconf: a new page is attacked without being named here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote as admin_quote
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from e2e.attack.fuzz import values
from shop.models import Order

#: A part of a route that is filled in: `<int:pk>`, or a named group of an expression.
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """A route of the URLconf, with the model that its ids are of."""

    route: str
    area: str
    model: type[Model] | None

    def fill(self, random: Random) -> str:
        """A path with ids that exist, and now and then with anything."""
        return "/" + PART.sub(lambda part: self._value(part, random), self.route)

    def _value(self, part: re.Match[str], random: Random) -> str:
        kind, name = part["kind"] or "", part["name"] or part["group"]
        if name == "app_label":
            return random.choice(["shop", "auth", "nowhere"])
        if kind == "reference":
            row: Any = _pick(Order, random)
            return row.reference if row and random.random() < 0.9 else "ABC-1234"
        if random.random() < 0.85 and (row := _pick(self.model or random.choice(MODELS), random)):
            return quote(admin_quote(str(row.pk)), safe="")
        if kind == "int" or name == "id":
            return random.choice(values.NUMBERS).lstrip("-")
        return random.choice(["_00", "_FF", "a_00b", quote(values.text(random)[:3000], safe="")])


MODELS = list(apps.get_app_config("shop").get_models())


#: The newest rows of each model, and how often they were drawn from: then they are read anew.
_newest: dict[type[Model], tuple[list[Model], int]] = {}


def _pick(model: type[Model], random: Random) -> Model | None:
    """One of the newest rows; now and then one that is gone."""
    rows, left = _newest.get(model, ([], 0))
    if not left:
        rows, left = list(model._default_manager.order_by("-pk")[:40]), 30
    _newest[model] = rows, left - 1
    return random.choice(rows) if rows else None


def discover() -> list[Address]:
    """All of them, each once."""
    routes = dict.fromkeys(_walk(get_resolver().url_patterns, "", "pages"))
    models = {model._meta.model_name: model for model in admin.site._registry}
    return [Address(route, area, _model_of(route, models)) for route, area in routes]


def _walk(patterns: list[URLPattern | URLResolver], before: str, area: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = "admin" if route.startswith("admin/") else area
            yield from _walk(pattern.url_patterns, route, inside)
        else:
            # What is left of an expression is its ends.
            is_api = (pattern.name or "").startswith("api-")
            yield re.sub(r"[\^$]|\?\\Z", "", route), "JSON" if is_api else area


def _model_of(route: str, models: dict[str | None, type[Model]]) -> type[Model] | None:
    words = re.split(r"[/_]", route)
    named = [models[word] for word in (*words, *(word.rstrip("s") for word in words)) if word in models]
    return named[0] if named else None
