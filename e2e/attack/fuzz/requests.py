"""One request after the other: a form that was changed, a query that was made up, JSON that is none."""

import json
from random import Random
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from e2e.attack.fuzz import values
from e2e.attack.fuzz.addresses import Address
from e2e.attack.fuzz.forms import FormParser, fill
from e2e.attack.fuzz.target import ROLES, Staff

FORM = "application/x-www-form-urlencoded"
#: How many of ten requests go where.
AREAS = ("admin",) * 6 + ("pages",) * 3 + ("JSON",)
PAGE_KEYS = [
    *(
        "q",
        "sort",
        "after",
        "before",
        "status",
        "customer",
        "product",
        "add",
        "undo",
        "first",
        "text",
        "shown",
    ),
    *(
        "order",
        "action",
        "list",
        "result",
        "next",
        "dated_after",
        "dated_before",
        "min",
        "max",
        "view",
        "say",
    ),
]
ADMIN_KEYS = [
    "o",
    "p",
    "e",
    "q",
    "all",
    "_popup",
    "_to_field",
    "_facets",
    "_changelist_filters",
    "_source_model",
]
ADMIN_KEYS += ["app_label", "model_name", "field_name", "term", "page"]
LOOKUPS = [
    *(
        "exact",
        "iexact",
        "isnull",
        "isempty",
        "gte",
        "lt",
        "in",
        "range",
        "regex",
        "iregex",
        "contains",
        "year",
    ),
    *("startswith", "date", "week_day", "x", "id__exact", "username__regex", "password__startswith", "pk"),
]
JSON_KEYS = [
    "name",
    "price",
    "sku",
    "barcode",
    "stock",
    "phone",
    "email",
    "customer",
    "products",
    "subtotal",
    "tax_class",
    "discount",
    "discount_percent",
    "id",
]


def _filters(model: Any) -> Any:
    """The filters that the admin's list of this model offers."""
    from django.contrib import admin

    return admin.site._registry[model].list_filter if model in admin.site._registry else ()


class Sender:
    """Draws requests from `random`, sends them, and remembers the last page of each role."""

    def __init__(self, addresses: list[Address], staff: Staff, random: Random) -> None:
        self.addresses, self.staff, self.random = addresses, staff, random
        self.pages: dict[tuple[str, str], tuple[str, FormParser]] = {}

    def send(self) -> tuple[str, str, Any]:
        """The area, what was sent in short, and the answer."""
        area = self.random.choice(AREAS)
        roles = ("admin", "superuser") * 4 + ROLES if area == "admin" else ROLES + ROLES[1:]
        role = self.random.choice(roles)
        page = self.pages.pop((area, role), None)
        if area == "JSON":
            method, path, data, kind = self._json()
        elif page and page[1].forms and self.random.random() < 0.85:
            method, path, data, kind = self._form(*page)
        elif page and page[1].links and self.random.random() < 0.5:
            method, path, data, kind = "GET", self._link(*page), b"", FORM
        else:
            method, path, data, kind = self._address(area)
        more = values.headers(self.random)
        if area == "JSON" and self.random.random() < 0.9:
            more |= {"Authorization": f"Bearer {self.staff.tokens.get(role, values.text(self.random)[:99])}"}
        answer = self._ask(role, method, path, data, kind, more)
        if area != "JSON" and "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
            self.pages[area, role] = path, FormParser(answer.content.decode(errors="replace"))
        return area, f"{role} {method} {path[:300]} {kind} {more} {data[:600]!r}", answer

    def _ask(self, role: str, method: str, path: str, data: bytes, kind: str, more: dict[str, str]) -> Any:
        client = self.staff.clients[role]
        parts = urlsplit(path.replace("[", "%5B"))
        # As WSGI has it: bytes, each a character.
        query = parts.query.encode("utf-8", "surrogatepass").decode("latin-1")
        answer = client.generic(method, parts.path or "/", data, kind, headers=more, QUERY_STRING=query)
        if role == "nobody":
            client.cookies.clear()
        elif "Cookie" not in more and answer.headers.get("Location", "").startswith("/sign-in/"):
            self.staff.sign_in(role)
        return answer

    def _form(self, path: str, page: FormParser) -> tuple[str, str, bytes, str]:
        forms = [form for form in page.forms if "sign-out" not in form.action or self.random.random() < 0.03]
        form = self.random.choice(forms or page.forms)
        sent = urlencode(fill(form, self.random), errors="surrogatepass")
        where = urljoin(path, form.action) if form.action else path
        if form.method == "get":
            return "GET", f"{where.partition('?')[0]}?{sent}", b"", FORM
        kind = FORM + (self.random.choice(values.CHARSETS) if self.random.random() < 0.03 else "")
        return "POST", where, sent.encode(), kind

    def _link(self, path: str, page: FormParser) -> str:
        link = urljoin(path, self.random.choice(page.links))
        joint = "&" if "?" in link else "?"
        return link if self.random.random() < 0.6 else f"{link}{joint}{self._query('pages', None)}"

    def _address(self, area: str) -> tuple[str, str, bytes, str]:
        address = self.random.choice([each for each in self.addresses if each.area == area])
        path = address.fill(self.random)
        if self.random.random() < 0.5:
            path += f"?{self._query(area, address)}"
        if self.random.random() < 0.75:
            return "GET", path, b"", FORM
        pairs = [
            (self._key(area, address), values.text(self.random)) for _ in range(self.random.randrange(5))
        ]
        method = self.random.choice(["POST", "POST", self.random.choice(values.METHODS)])
        return method, path, urlencode(pairs).encode(), self.random.choice([FORM, FORM, *values.KINDS])

    def _query(self, area: str, address: Address | None) -> str:
        pairs = []
        for _ in range(self.random.randrange(1, 4)):
            pairs.append((self._key(area, address), values.text(self.random)[:2000]))
        return urlencode(pairs, errors="surrogatepass")

    def _key(self, area: str, address: Address | None) -> str:
        if area != "admin":
            return self.random.choice(PAGE_KEYS)
        if not address or not address.model or self.random.random() < 0.4:
            return self.random.choice(ADMIN_KEYS)
        offered = [each if isinstance(each, str) else each[0] for each in _filters(address.model)]
        if offered and self.random.random() < 0.5:
            ends = ["exact", "isnull", "gte", "lt", "isempty", "id__exact", "regex"]
            return f"{self.random.choice(offered)}__{self.random.choice(ends)}"
        field = self.random.choice(address.model._meta.get_fields())
        return f"{field.name}__{self.random.choice(LOOKUPS)}" if self.random.random() < 0.9 else field.name

    def _json(self) -> tuple[str, str, bytes, str]:
        address = self.random.choice([each for each in self.addresses if each.area == "JSON"])
        path, method = (
            address.fill(self.random),
            self.random.choice(["POST", "POST", "PUT", "GET", "DELETE", "PATCH"]),
        )
        if self.random.random() < 0.3:
            path += f"?{self._query('pages', None)}"
        body = {
            key: values.json_value(self.random)
            for key in self.random.sample(JSON_KEYS, self.random.randrange(5))
        }
        if self.random.random() < 0.5:
            body |= {"name": "Carl", "price": "1.50"}
        raw = json.dumps(body).encode() if self.random.random() < 0.9 else self.random.randbytes(40)
        kind = "application/json" + (
            self.random.choice(values.CHARSETS) if self.random.random() < 0.1 else ""
        )
        return method, path, raw, kind
