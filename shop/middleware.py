"""What surrounds every request: who may see it, and what is said when the database is away."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from shop.errors import Busy, ShopError
from shop.views import errors


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page wants a signed-in member of staff, unless its view says `login_not_required`."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., object]) -> HttpResponse:
        """Sends a whole page to the sign-in form, also when htmx asked for a fragment."""
        response = super().handle_no_permission(request, view_func)
        if request.htmx:
            back = request.htmx.current_url_abs_path or "/"
            return HttpResponseClientRedirect(errors.sign_in_url(back))
        return response


class ErrorPagesMiddleware:
    """Answers what services raise and no view caught, as a page or as JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turns Busy, its kin and refusals into their status; everything else stays a 500."""
        if isinstance(exception, Busy | ShopError):
            return errors.refusal(request, exception)
        if errors.is_database_away(exception):
            return errors.refusal(request, Busy(Busy.detail))
        return None
