"""What surrounds every request: who may see it, and what is said when the database is away."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
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


class PagesMiddleware:
    """Pages are private, never stale, and differ for htmx; refusals that no view caught become pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turns Busy, its kin and refusals into their status; everything else stays a 500."""
        if isinstance(exception, Busy | ShopError):
            return errors.refusal(request, exception)
        return None
