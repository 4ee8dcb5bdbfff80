"""Sign in and out: Django's own views, with their writes retried."""

from typing import Any

from crispy_forms.helper import FormHelper
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from shop.forms.base import helper
from shop.transactions import retried


class SignInForm(AuthenticationForm):
    """Django's own, rendered by crispy."""

    helper: FormHelper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class SignInView(LoginView):
    """Django's own; its writes (the session, the time of signing in) are one retried transaction."""

    template_name = "sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    @retried
    def _sign_in(
        self, request: HttpRequest, form: AuthenticationForm, session_key: str | None
    ) -> HttpResponse:
        _begin_with(request, session_key)
        return super().form_valid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return self._sign_in(self.request, form, self.request.session.session_key)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOutView(LogoutView):
    """Ends the session."""

    @retried
    def _sign_out(self, request: HttpRequest, session_key: str | None) -> HttpResponse:
        _begin_with(request, session_key)
        return super().post(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._sign_out(request, request.session.session_key)


def _begin_with(request: HttpRequest, session_key: str | None) -> None:
    """Forgets what an attempt that was rolled back did to the session in memory."""
    request.session = type(request.session)(session_key)
