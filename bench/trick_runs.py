"""Every trick of shop with and without it, in one process, by turns. Prints one line of JSON a comparison.

    python -m bench.trick_runs GROUP [POSTMASTER]

with the environment of a shop whose data are made; `bench.tricks` runs it. Nothing of shop is changed on
disk: for a turn a trick is replaced by what there would be without it.
"""

import gzip
import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from statistics import median
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import quote_plus, urlencode
from wsgiref.util import setup_testing_defaults

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench import silence  # noqa: E402
from bench.contents import choose_words  # noqa: E402
from shop.db import statements  # noqa: E402
from shop.models import CustomerTerm, Order, OrderLine, Product, ProductTerm, Session, User  # noqa: E402
from shop.search.querysets import SearchableQuerySet  # noqa: E402
from shop.staff import authentication, sessions  # noqa: E402
from shop.web import middleware  # noqa: E402

ROUNDS, TIMES = 5, 12
LINES = 20
Trick = Callable[[], AbstractContextManager[Any]]
ROW = re.compile(r'id="row-(\d+)" data-row="(\w+)"')


class Browser:
    """A signed-in clerk without a server: requests go straight to the WSGI application."""

    def __init__(self) -> None:
        client = Client()
        client.force_login(User.objects.get(username="clerk"))
        cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": "a" * 32}
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.application = get_wsgi_application()

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Returns status and body of a GET or, with `fields`, of a POST by htmx."""
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_COOKIE": self.cookies}
        environ["HTTP_HOST"] = "127.0.0.1"
        if fields is not None:
            body = urlencode(fields).encode()
            environ |= {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "HTTP_HX_REQUEST": "true"}
            environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": io.BytesIO(body)}
            environ["HTTP_X_CSRFTOKEN"] = "a" * 32
        setup_testing_defaults(environ)
        status: list[str] = []
        response: Any = self.application(
            environ, cast(Any, lambda line, headers, error=None: status.append(line))
        )
        try:
            return int(status[0][:3]), b"".join(response)
        finally:
            response.close()  # as a server does: Django looks after its connections then

    def get(self, path: str) -> None:
        status, body = self.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} was answered with {status}: {body[:500]!r}")


def compare(what: str, without: Trick, call: Callable[[], object], **more: object) -> None:
    """Times `call` as it is and `without`, by turns, and prints it in milliseconds."""
    taken: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        turns = []
        for trick in (nullcontext, without):
            with trick():
                call()
                # The quickest is the least disturbed by what else the machine does.
                turns.append(min(_milliseconds(call) for _ in range(TIMES)))
        taken.append((turns[0], turns[1]))
    medians = {"with": median(a for a, _ in taken), "without": median(b for _, b in taken)}
    say(what=what, **medians, times=median(b / a for a, b in taken), **more)


def say(**result: object) -> None:
    print(json.dumps(result), flush=True)


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def search() -> None:
    """(a) Without the bits every row that the longest word finds is asked for the others."""
    browser = Browser()
    without = partial(patch.object, SearchableQuerySet, "_filter_by_bits", lambda rows, typed: rows)
    for noun, terms, codes in (("customer", CustomerTerm, ("phone",)), ("product", ProductTerm, ("sku",))):
        for kind, typed in choose_words(terms, noun, codes).items():
            for text in typed[1:]:
                path = f"/{noun}s/?q={quote_plus(text)}"
                compare(f"list of {noun}s, {kind}: {text}", without, partial(browser.get, path))


def rows() -> None:
    """(b) A quantity is changed in a draft of 20 lines: every row is drawn again."""
    browser, order = Browser(), _draft()
    first = order.lines.order_by("position").first()
    assert first
    marks: dict[str, str] = {}
    bodies: dict[bool, bytes] = {}
    knows = True

    def change() -> None:
        line = OrderLine.objects.get(pk=first.pk)
        fields = {"seen_quantity": str(line.quantity), "quantity": str(line.quantity % 2 + 1)}
        fields |= {"product": str(line.product_id), "rows": " ".join(marks.values()) if knows else ""}
        status, body = browser.ask(f"/orders/{order.reference}/lines/{line.pk}/", fields)
        if status != 200:
            raise RuntimeError(f"{status}: {body[:500]!r}")
        bodies[knows] = body
        marks.update(ROW.findall(body.decode()))

    @contextmanager
    def without() -> Iterator[None]:
        nonlocal knows
        knows = False
        yield
        knows = True

    with without():
        change()
    compare(f"change a quantity, {LINES} lines", without, change)
    _compare_sizes(bodies[True], bodies[False])


def _compare_sizes(body: bytes, body_without: bytes) -> None:
    for name, measure in (("bytes", len), ("bytes, gzip", lambda body: len(gzip.compress(body, 6)))):
        here, gone = measure(body), measure(body_without)
        say(what=f"{name} of that answer", **{"with": here, "without": gone}, times=gone / here, unit="bytes")


def _draft() -> Order:
    owner = User.objects.get(username="clerk")
    basket = list(Product.objects.filter(stock=None, active=True).order_by("pk")[:LINES])
    order = Order.objects.create(
        created_by=owner, subtotal=sum(product.unit_price for product in basket), version=2
    )
    for at, product in enumerate(basket, start=1):
        OrderLine.objects.create(
            order=order,
            product=product,
            position=at,
            name=product.name,
            quantity=1,
            unit_price=product.unit_price,
        )
    return order


def session() -> None:
    """(c) Django writes the SQL for each request."""
    browser = Browser()
    key = re.search(r"sessionid=(\w+)", browser.cookies)
    without = partial(
        patch.object, authentication, "_compile_lookup", authentication._compile_lookup.__wrapped__
    )
    if key:
        hashed = sessions.hash_key(key[1])
        compare("look a session up", without, lambda: authentication.find_sign_in(Session, hashed))
    compare("customers, first page", without, lambda: browser.get("/customers/"))
    compare("home", without, lambda: browser.get("/"))


def stale() -> None:
    """(e) Django's own health checks instead of sending a lone SELECT again on a new connection."""
    browser = Browser()

    @contextmanager
    def without() -> Iterator[None]:
        with patch.object(statements, "IDLE_LOSS_SECONDS", 0.0):
            connection.settings_dict["CONN_HEALTH_CHECKS"] = connection.health_check_enabled = True  # type: ignore[attr-defined]
            yield
            connection.settings_dict["CONN_HEALTH_CHECKS"] = connection.health_check_enabled = False  # type: ignore[attr-defined]

    for path in ("/customers/", "/"):
        compare(f"GET {path}", without, partial(browser.get, path))
    statuses = []
    for trick in (nullcontext, without, partial(patch.object, statements, "IDLE_LOSS_SECONDS", 0.0)):
        with trick():
            browser.get("/customers/")
            silence.end_idle_connection()
            statuses.append(browser.ask("/customers/")[0])
    say(what="after the server ended the idle connection", statuses=statuses)


def deadlines() -> None:
    """(d) No watcher; and /ping/ on Django's own connection, with the watcher, instead of the prober."""
    browser = Browser()
    without = partial(patch.object, middleware, "deadline", nullcontext)
    compare("customers, first page", without, lambda: browser.get("/customers/"))
    compare("/ping/", silence.ask_own_connection, lambda: browser.get("/ping/"))
    postmaster = int(sys.argv[2])
    for path, trick in (("/customers/", without), ("/ping/", silence.ask_own_connection)):
        for is_open in (True, False):
            for name, turn in (("with", nullcontext), ("without", trick)):
                with turn():
                    answered = silence.ask(postmaster, partial(browser.ask, path), is_open=is_open)
                state = "open" if is_open else "none yet"
                say(what=f"server stopped, connection {state}: {path} {name}", answered=answered)


GROUPS = {group.__name__: group for group in (search, rows, session, stale, deadlines)}


if __name__ == "__main__":
    GROUPS[sys.argv[1]]()
