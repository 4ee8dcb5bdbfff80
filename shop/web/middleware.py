"""The middleware: user, session, sign-in, deadline, metrics, and errors as pages."""

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

#: Methods that have a label of their own in the metrics.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
#: Browser features that no page uses.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
        *("geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment"),
        *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
    )
)


class StaffMiddleware(AuthenticationMiddleware):
    """Sets the user that was read together with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        # Lazy, because a sign-in replaces the session.
        request.user = SimpleLazyObject(lambda: get_signed_in_user(cast(SessionStore, request.session)))  # type: ignore[assignment]


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Requires a sign-in for each view without `login_not_required`, and extends the session in use."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Extends the session when a page is opened or a form is sent.

        Requests that htmx sends by itself do not count, or an open page would never be signed out.
        The session is not read for a view that needs no sign-in.
        """
        if not getattr(view_func, "login_required", True):
            return None
        refusal = super().process_view(request, view_func, args, kwargs)
        session = cast(SessionStore, request.session)
        is_use = request.method == "POST" or not request.headers.get("HX-Request")
        if is_use and session.use_is_due:
            session.modified = True
        return refusal

    def handle_no_permission(  # type: ignore[override]  # Django's own redirect is one of the answers
        self, request: StaffRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """Redirects to the sign-in page, which then redirects back to the open page."""
        if request.htmx:
            return HttpResponseClientRedirect(
                error_pages.build_sign_in_url(_read_own_address(request, "HX-Current-URL"))
            )
        if request.method not in ("GET", "HEAD"):
            if any(value for name, value in error_pages.list_typed_fields(request) if name != "key"):
                return error_pages.render_error(request, 401, "signed_out")
            # A GET of a step's address is refused, so the way back leads to the page of its form.
            return HttpResponseRedirect(
                error_pages.build_sign_in_url(_read_own_address(request, "Referer").partition("?")[0])
            )
        return super().handle_no_permission(request, view_func)


def _read_own_address(request: HttpRequest, header: str) -> str:
    """Returns the path and query of the page that a header names; "/" for a page of another site."""
    try:
        page = urlsplit(request.headers.get(header, ""))
    except ValueError:  # no address, such as http://[
        return "/"
    own = (request.scheme, request.get_host())
    return urlunsplit(page._replace(scheme="", netloc="")) if (page.scheme, page.netloc) == own else "/"


class ObservedMiddleware:
    """Gives each request an id, a deadline and retried statements, and measures its time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # `request_finished` clears it, because Django logs refused requests after this method returns.
        current_id = request_id.set_request_id(request.headers.get("X-Request-ID"))
        start = time.perf_counter()
        with deadline(), connection.execute_wrapper(retry_statement):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = current_id
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        match = request.resolver_match
        # Each label has few values: view names instead of paths, and "other" for invented methods.
        method = request.method if request.method in METHODS else "other"
        labels = method, match.view_name if match else "none", str(response.status_code)
        metrics.REQUESTS.labels(*labels).observe(time.perf_counter() - start)
        return response


class PagesMiddleware:
    """Forbids caches to store pages, and renders errors of services that no view handled."""

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
        """Renders Busy and ShopError with their own status. The handlers of error_pages answer the others."""
        if isinstance(exception, Busy | ShopError):
            return error_pages.render_refusal(request, exception)
        return None
