"""What surrounds every request: who may see it, and what is said when the database is away."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from shop.db import metrics
from shop.db.deadline import deadline
from shop.db.errors import Busy, ShopError
from shop.db.statements import retry_statement
from shop.staff.sessions import SessionStore, get_signed_in_user
from shop.web import error_pages, request_id
from shop.web.requests import StaffRequest

#: Methods that the figures tell apart.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
#: What a page could ask the browser for, and the desk never does.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
        *("geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment"),
        *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
    )
)


class StaffMiddleware(AuthenticationMiddleware):
    """Django's own, with the user that was read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        # Looked up late: signing in puts another session in its place.
        request.user = SimpleLazyObject(lambda: get_signed_in_user(cast(SessionStore, request.session)))  # type: ignore[assignment]


class IdleMiddleware:
    """Lets a session live on while it is used: when a page is opened or something is sent.

    What htmx asks for by itself is no use, or a page that is left open would never sign out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: StaffRequest) -> HttpResponse:
        response = self.get_response(request)
        session = cast(SessionStore, request.session)
        is_use = request.method == "POST" or not request.headers.get("HX-Request")
        if is_use and session.use_is_due:
            session.modified = True
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page wants a signed-in member of staff, unless its view says `login_not_required`."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """A view that asks for nobody is not kept waiting by a look at the session."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, args, kwargs)

    def handle_no_permission(  # type: ignore[override]  # Django's own redirect is one of the answers
        self, request: StaffRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """Sends to the sign-in form, and from there back to the page that was open."""
        if request.htmx:
            return HttpResponseClientRedirect(
                error_pages.build_sign_in_url(_read_own_address(request, "HX-Current-URL"))
            )
        if request.method not in ("GET", "HEAD"):
            if any(value for name, value in error_pages.list_typed_fields(request) if name != "key"):
                return error_pages.render_error(request, 401, "signed_out")
            # The address of a step cannot be returned to; the page with its form can.
            return HttpResponseRedirect(
                error_pages.build_sign_in_url(_read_own_address(request, "Referer").partition("?")[0])
            )
        return super().handle_no_permission(request, view_func)


def _read_own_address(request: HttpRequest, header: str) -> str:
    """The address, without the site, of the page of ours that a header names; else the home page's."""
    try:
        page = urlsplit(request.headers.get(header, ""))
    except ValueError:  # it is none, such as http://[
        return "/"
    own = (request.scheme, request.get_host())
    return urlunsplit(page._replace(scheme="", netloc="")) if (page.scheme, page.netloc) == own else "/"


class ObservedMiddleware:
    """Around everything: the request's id, its deadline, patience with conflicts, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # It ends with `request_finished`: Django logs what was refused after this returns.
        made = request_id.set_request_id(request.headers.get("X-Request-ID"))
        began = time.perf_counter()
        with deadline(), connection.execute_wrapper(retry_statement):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = made
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        match = request.resolver_match
        # Each label has few values: the view's name is no path, and made-up methods are one.
        method = request.method if request.method in METHODS else "other"
        labels = method, match.view_name if match else "none", str(response.status_code)
        metrics.REQUESTS.labels(*labels).observe(time.perf_counter() - began)
        return response


class PagesMiddleware:
    """Pages are private, never stale, and differ for htmx; refusals that no view caught become pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            allow = response.headers["Allow"]
            response = error_pages.render_error(request, 405, "method_not_allowed")
            response.headers["Allow"] = allow
        patch_vary_headers(response, ["HX-Request"])
        add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turns Busy, its kin and refusals into their status; everything else stays a 500."""
        if isinstance(exception, Busy | ShopError):
            return error_pages.render_refusal(request, exception)
        return None
