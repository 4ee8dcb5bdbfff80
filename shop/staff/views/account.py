"""The account page: changes the password, and revokes API tokens."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.hashers import make_password
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from shop.db.transactions import retry_request
from shop.staff import accounts, sign_in_limits, tokens
from shop.staff.models import ApiToken, User
from shop.staff.password_queue import QueueFull, wait_for_turn
from shop.staff.views.sign_in import get_client_address, logger, reload_session
from shop.web.forms import build_helper, focus_first_error
from shop.web.requests import StaffRequest, see_other


class PasswordForm(PasswordChangeForm):
    """Django's form, rendered by crispy."""

    helper: FormHelper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()


class AccountView(PasswordChangeView):
    """Changes the user's password. Wrong old passwords count as failed sign-ins."""

    template_name = "staff/account.html"
    form_class = PasswordForm
    success_url = reverse_lazy("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tokens_of_user = ApiToken.objects.of_user(self.request.user.pk)
        return super().get_context_data(tokens=tokens_of_user, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempt = {"name": request.user.get_username(), "address": get_client_address(request)}
        try:
            with wait_for_turn():
                seconds = sign_in_limits.seconds_to_wait(**attempt)
                form = self.get_form()
                if not seconds and form.is_valid():
                    return self.form_valid(form)
                if not seconds and "old_password" in form.errors and request.POST.get("old_password"):
                    sign_in_limits.note_failure(**attempt)
                    logger.warning("password not changed name=%(name)a address=%(address)s", attempt)
        except QueueFull:
            seconds = 2
        return self._refuse(seconds) if seconds else self.form_invalid(form)

    def _refuse(self, seconds: int) -> HttpResponse:
        refusal = f"There were too many attempts. Try again in {seconds} seconds."
        context = self.get_context_data(form=PasswordForm(self.request.user), refusal=refusal)
        return self.render_to_response(context, status=429, headers={"Retry-After": str(seconds)})

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        password = make_password(form.cleaned_data["new_password1"])
        self._change(self.request, password, self.request.session.session_key)
        messages.success(
            self.request, "Your password is changed. Your other sessions and your tokens have ended."
        )
        return see_other("account")

    @retry_request
    def _change(self, request: HttpRequest, password_hash: str, session_key: str | None) -> None:
        reload_session(request, session_key)
        user = accounts.change_password.inside(
            user_id=cast(User, request.user).pk, password_hash=password_hash
        )
        update_session_auth_hash(request, user)

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        focus_first_error(form)
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@require_POST
def token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Revokes a token of the signed-in user."""
    tokens.revoke_token(token_id=pk, owner_id=request.user.pk)
    messages.success(request, "The token is revoked.")
    return see_other("account")
