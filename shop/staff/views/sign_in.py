"""Signs staff in and out by Django's views. Writes are retried; failures are limited and logged."""

import ipaddress
import logging
from typing import Any

from crispy_forms.helper import FormHelper
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from shop.db.transactions import retry_request
from shop.staff import sign_in_limits
from shop.staff.password_queue import QueueFull, wait_for_turn
from shop.web.forms import build_helper

logger = logging.getLogger("shop.sign_in")

#: Characters of a typed name that are used and logged; the names of accounts are shorter.
NAME_LENGTH = 150


class SignInForm(AuthenticationForm):
    """Django's form, rendered by crispy."""

    helper: FormHelper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()


class SignInView(LoginView):
    """Django's view; its writes (the session, the time of the sign-in) are one retried transaction."""

    template_name = "staff/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Checks the password, unless this account or address has to wait."""
        name, address = request.POST.get("username", "")[:NAME_LENGTH], get_client_address(request)
        try:
            with wait_for_turn():
                seconds = sign_in_limits.seconds_to_wait(name=name, address=address)
                if not seconds:
                    return self._check(name, address)
        except QueueFull:
            return self._refuse(503, 2, "Too many people are signing in at this moment.")
        logger.warning("sign-in refused name=%a address=%s wait=%d", name, address, seconds)
        return self._refuse(429, seconds, "There were too many failed attempts.")

    def _check(self, name: str, address: str) -> HttpResponse:
        form = self.get_form()
        if form.is_valid():
            sign_in_limits.note_success(name=name, address=address)
            logger.info("signed in name=%a address=%s", name, address)
            return self.form_valid(form)
        if name and self.request.POST.get("password"):
            sign_in_limits.note_failure(name=name, address=address)
            logger.warning("sign-in failed name=%a address=%s", name, address)
        return self.form_invalid(form)

    def _refuse(self, status: int, seconds: int, why: str) -> HttpResponse:
        """Renders the form with the typed name. The password was not checked."""
        form = SignInForm(self.request, initial={"username": self.request.POST.get("username", "")})
        wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
        context = self.get_context_data(form=form, refusal=f"{why} Try again in {wait}.")
        response = self.render_to_response(context, status=status)
        response.headers["Retry-After"] = str(seconds)
        return response

    @retry_request
    def _sign_in(
        self, request: HttpRequest, form: AuthenticationForm, session_key: str | None
    ) -> HttpResponse:
        reload_session(request, session_key)
        return super().form_valid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return self._sign_in(self.request, form, self.request.session.session_key)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOutView(LogoutView):
    @retry_request
    def _sign_out(self, request: HttpRequest, session_key: str | None) -> HttpResponse:
        reload_session(request, session_key)
        return super().post(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._sign_out(request, request.session.session_key)


def reload_session(request: HttpRequest, session_key: str | None) -> None:
    """Makes the request load its session anew, without what an attempt that was rolled back changed."""
    request.session = type(request.session)(session_key)


def get_client_address(request: HttpRequest) -> str:
    """Returns the address of the client: an IPv4 address, or the /64 network of an IPv6 address.

    Behind the proxy it is the last address of X-Forwarded-For, which the proxy wrote. The client may have
    written those before it.
    """
    text: str = request.META.get("REMOTE_ADDR", "")
    if settings.SHOP_HTTPS:
        text = request.headers.get("X-Forwarded-For", text)[-60:].rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
