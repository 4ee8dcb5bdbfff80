"""Makes requests as bytes, before anything is timed."""

import json
import random
import secrets
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, islice
from typing import Any
from urllib.parse import urlencode

#: Different orders that each comparison cycles through.
VARIETY = 200


def bodies(goods: dict[str, Any], kind: str, lines: int) -> list[bytes]:
    """Returns orders of `lines` different products as JSON; `kind` is a key of `goods`."""
    chance = random.Random(lines)
    texts = []
    for _ in range(VARIETY):
        chosen = chance.sample(goods[kind], lines)
        order = {
            "customer": {"id": chance.choice(goods["customers"])},
            "products": [{"id": product["id"], "quantity": 1} for product in chosen],
            "subtotal": str(sum((Decimal(product["price"]) for product in chosen), Decimal(0))),
        }
        texts.append(json.dumps(order).encode())
    return texts


def orders(port: int, orders: list[bytes], token: str = "", *, keyed: bool = False) -> Iterator[bytes]:
    """Yields POST /order/ without end, with a `token` if there is one, and `keyed` with a new key each."""
    head = (
        f"POST /order/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        "Accept: application/json\r\n"
    )
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    if keyed:
        head += "Idempotency-Key: %s\r\n"
    ends = [b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in orders]
    random.shuffle(ends)
    begin = head.encode()
    if not keyed:
        return (begin + ends[number % len(ends)] for number in count())
    keys = (secrets.token_hex(16).encode() for _ in count())
    return (begin % next(keys) + ends[number % len(ends)] for number in count())


def listing(port: int, path: str, token: str = "") -> bytes:
    """Returns a GET of a list of the JSON API, with a `token` if there is one."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
    return f"{head}Authorization: Bearer {token}\r\n\r\n".encode() if token else f"{head}\r\n".encode()


def get(port: int, path: str, cookies: str = "", *, fragment: bool = False) -> bytes:
    """Returns a GET as a browser sends it; `fragment` asks for the part that htmx swaps."""
    return _head("GET", port, path, cookies, fragment=fragment) + b"\r\n"


def post(port: int, path: str, fields: dict[str, str], cookies: str, *, fragment: bool = False) -> bytes:
    """Returns a POST of a form as a browser sends it; `fragment` sends it by htmx."""
    body = urlencode(fields).encode()
    return _head("POST", port, path, cookies, fragment=fragment) + (
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )


def _head(method: str, port: int, path: str, cookies: str, *, fragment: bool) -> bytes:
    url = f"http://127.0.0.1:{port}"
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept: text/html,*/*",
        "Accept-Encoding: gzip, br",
        "Accept-Language: en",
    ]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if method == "POST":
        lines += [f"Origin: {url}", f"Referer: {url}{path}"]
    if fragment:
        lines += ["HX-Request: true", f"HX-Current-URL: {url}{path}"]
    return "\r\n".join([*lines, ""]).encode()


def some(stream: Iterator[bytes], number: int) -> list[bytes]:
    return list(islice(stream, number))
