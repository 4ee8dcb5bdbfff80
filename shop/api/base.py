"""The base class of the API's views: permissions, idempotency keys, and errors in JSON."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from shop.api import paging
from shop.api.auth import authorise
from shop.api.responses import RequestRefused, make_empty_response, write_refusal
from shop.db.errors import Busy, InvalidFields, ShopError, list_errors
from shop.db.idempotency import Once
from shop.web.forms import find_field
from shop.web.wording import word_error

_PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}")


# The API ignores cookies, so a forged request gains nothing, and there is no sign-in page to redirect to.
@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class ApiView(View):
    """A view of one noun. Its methods get the request and the id of a row, or None for the whole list."""

    #: The permissions that each HTTP method needs.
    permissions: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    #: Whether requests need no token.
    is_public: ClassVar[bool] = False
    #: The JSON field that each kind of error is about.
    field_of: ClassVar[Mapping[type[ShopError], str]] = {}
    #: The owner of the token; None for a request without one.
    staff_id: int | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the method, and answers errors of services in JSON. Other exceptions go to error_pages."""
        digits = kwargs.get("id")
        pk = None if digits is None else paging.parse_row_id(digits)
        names = [name.upper() for name in self.http_method_names if hasattr(self, name)]
        # A POST makes a row, and its address has no id.
        methods = ", ".join(name for name in names if name != "POST" or pk is None)
        try:
            if request.method not in methods.split(", "):
                raise RequestRefused(405, "method_not_allowed", f"Use {methods} here.", Allow=methods)
            if request.method == "OPTIONS":
                return make_empty_response(Allow=methods)
            if not self.is_public:
                staff = authorise(request, self.permissions[str(request.method)])
                self.staff_id = staff.pk if staff else None
            response: HttpResponse = getattr(self, str(request.method).lower())(request, pk)
        except Busy as busy:
            return write_refusal(busy)
        except ShopError as error:
            return write_refusal(error, self.name_fields(error))
        return response

    def read_once(self, request: HttpRequest, operation: str, payload: Any) -> Once | None:
        """Returns the Idempotency-Key with the fingerprint of the payload; None when none was sent.

        `payload` holds cleaned values, so that 5 and "5.00" are the same price. Raises RequestRefused.
        """
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return None
        if not _PRINTABLE.fullmatch(key):
            raise RequestRefused(
                400, "bad_idempotency_key", "An Idempotency-Key is 1 to 255 printable ASCII characters."
            )
        return Once.from_payload(key, operation=f"api {operation}", user_id=self.staff_id, payload=payload)

    def name_fields(self, error: ShopError) -> dict[str, str]:
        """Returns the sentence for each field of the JSON that an error is about."""
        named: dict[str, str] = {}
        for part in list_errors(error):
            if isinstance(part, InvalidFields | RequestRefused):
                named |= part.fields
            elif field := find_field(part, self.field_of):
                named[field] = word_error(part)
        return named


def map_permissions(noun: str, *, post: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Returns Django's permissions for a noun by HTTP method; POST also needs those of `post`."""
    view = (f"view_{noun}",)
    return {
        "GET": view,
        "HEAD": view,
        "POST": (f"add_{noun}", *post),
        "PUT": (f"change_{noun}",),
        "DELETE": (f"delete_{noun}",),
    }
