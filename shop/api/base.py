"""What the views of all nouns share: who may ask, and that every refusal is JSON."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from shop.api import bodies
from shop.api import paging as pages
from shop.api.auth import authorised
from shop.api.responses import Refused, empty, refusal
from shop.db.errors import Busy, ShopError
from shop.db.idempotency import Once
from shop.staff.models import User


# No cookie signs anybody in here, so there is no request to forge and no page to send people to.
@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class ApiView(View):
    """A noun of the API. Its methods get the request and the row's id, None where the address has none."""

    #: What an HTTP method asks of the token's owner.
    permissions: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    staff: User | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answers, or says in JSON why not. What nobody expected goes on, to become a real 500."""
        digits = kwargs.get("id")
        pk = None if digits is None else pages.row_id(digits)
        try:
            self._refuse_method(request, pk)
            if request.method == "OPTIONS":
                return empty(Allow=", ".join(self._methods(pk)))
            self.admit(request)
            response: HttpResponse = getattr(self, str(request.method).lower())(request, pk)
        except (ShopError, Busy) as refused:
            return refusal(refused)
        return response

    def admit(self, request: HttpRequest) -> None:
        """Finds out who asks. Raises Refused when the method is not theirs to use."""
        self.staff = authorised(request, self.permissions[str(request.method)])

    @property
    def staff_id(self) -> int | None:
        """Who asks; None where the API is open and no token came."""
        return self.staff.pk if self.staff else None

    def once(self, request: HttpRequest, operation: str, payload: Any) -> Once | None:
        """The client's Idempotency-Key for this operation, if it sent one. Raises Refused."""
        return bodies.once(request, operation, self.staff_id, payload)

    def _methods(self, pk: int | None) -> list[str]:
        """What this address understands: rows are made where no id is given."""
        names = [name.upper() for name in self.http_method_names if hasattr(self, name)]
        return [name for name in names if name != "POST" or pk is None]

    def _refuse_method(self, request: HttpRequest, pk: int | None) -> None:
        methods = self._methods(pk)
        if request.method not in methods:
            raise Refused(
                405, "method_not_allowed", f"Use {', '.join(methods)} here.", Allow=", ".join(methods)
            )


def permissions_for(noun: str, *, post: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Django's permissions for a noun, by HTTP method; `post` are further ones that POST needs."""
    view = (f"view_{noun}",)
    return {
        "GET": view,
        "HEAD": view,
        "POST": (f"add_{noun}", *post),
        "PUT": (f"change_{noun}",),
        "DELETE": (f"delete_{noun}",),
    }
