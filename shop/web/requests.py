"""Helpers of views: permissions, redirects, and the fields of forms."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django_htmx.middleware import HtmxDetails

from shop.db.idempotency import Once
from shop.db.ids import is_id
from shop.staff.models import User

ViewT = TypeVar("ViewT", bound=Callable[..., Any])


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff."""

    user: User
    htmx: HtmxDetails


class HttpResponseSeeOther(HttpResponseRedirect):
    """A redirect after a POST (303)."""

    status_code = 303


def see_other(to: str | Model, *args: object) -> HttpResponseSeeOther:
    """Redirects after a form to an address, a URL name with arguments, or a row's page."""
    return HttpResponseSeeOther(resolve_url(to, *args))


def require_permission(permission: str) -> Callable[[ViewT], ViewT]:
    """Answers 403 to staff without this permission of the app `shop`."""
    return permission_required(f"shop.{permission}", raise_exception=True)


def check_permission(request: StaffRequest, permission: str) -> None:
    """Raises PermissionDenied without this permission of the app `shop`."""
    if not request.user.has_perm(f"shop.{permission}"):
        raise PermissionDenied


def make_form_key() -> str:
    """Makes the idempotency key of a form: sent twice, it is carried out once."""
    return uuid.uuid4().hex


def get_form_data(request: StaffRequest) -> QueryDict | None:
    """Returns the sent fields, perhaps none; None for a GET."""
    return request.POST if request.method == "POST" else None


def read_form_key(request: StaffRequest) -> str:
    """Returns the key of the sent form; an empty text for a forged one."""
    key = request.POST.get("key", "")[:64]
    return key if key.isprintable() else ""


#: Fields that say who may send a form, not what is to be done. No trace of a password is stored.
NOT_IN_FINGERPRINT = {"csrfmiddlewaretoken", "manager", "password"}


def read_once(request: StaffRequest, operation: str) -> Once | None:
    """Returns the key of the sent form with the fingerprint of its fields, except NOT_IN_FINGERPRINT."""
    fields = {
        name: request.POST.getlist(name) for name in sorted(request.POST) if name not in NOT_IN_FINGERPRINT
    }
    return Once.from_payload(
        read_form_key(request), operation=operation, user_id=request.user.pk, payload=fields
    )


def is_confirmation(request: StaffRequest) -> bool:
    """Whether a form confirms what a page showed, instead of asking to show it."""
    return request.method == "POST" and "snapshot" in request.POST


def parse_whole_number(text: str | None, otherwise: int = 0) -> int:
    """Parses an id or a number of a page's own form or link; returns `otherwise` for a forged one."""
    return int(text) if text and is_id(text) else otherwise
