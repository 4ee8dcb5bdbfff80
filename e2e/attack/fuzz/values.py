"""What is sent where something sensible was expected."""

from random import Random
from typing import Any

NUMBERS = ["0", "-1", "1", str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "9" * 30, "9" * 5000]
TEXTS = [
    *(
        "",
        " ",
        "a",
        "\0",
        "a\0b",
        "\ufffe",
        "\u202e",
        "\u200b",
        "é" * 300,
        "x" * 70_000,
        "\U0001f4a9",
        "\r\n",
    ),
    *("1e5", "1e999", "NaN", "Infinity", "-0", "1_0", "١", "0x10", "1.005", "1,5", "--", "+1", "½"),
    *("' OR 1=1 --", '"', "%", "%00", "_", "\\", "(", "[", "(?P<a>(a+)+)$", "<script>", "{{ 7 }}", "{% x %}"),
    *(
        "../../etc/passwd",
        "http://[",
        "//evil.example",
        "javascript:alert(1)",
        "None",
        "null",
        "true",
        "[]",
        "{}",
    ),
    *("0001-01-01", "9999-12-31", "2026-02-30", "9999-12-31 23:59:59-23:59", "0001-01-01 00:00:00+23:59"),
    *(
        "2026-11-26",
        "2026-11-26T12:00",
        "10000-01-01",
        "draft",
        "placed",
        "admin",
        "shop",
        "user",
        "3*lamp",
        "id",
    ),
]
CHARSETS = ["", "; charset=utf-8", "; charset=rot13", "; charset=utf-7", "; charset=x"]
KINDS = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    "text/xml",
]
HEADERS = {
    "HX-Request": ["true", "\0"],
    "HX-Target": ["results", "x" * 3000, "\0"],
    "HX-Current-URL": ["http://[", "http://testserver/orders/?q=\0", "\0", "http://testserver/"],
    "Referer": ["http://[", "http://testserver/orders/", "//["],
    "Accept": ["application/json", "*/*;q=x", "\0"],
    "If-None-Match": ['"x"', "*", "\0"],
    "If-Modified-Since": ["Thu, 01 Jan 0001 00:00:00 GMT", "x"],
    "X-Request-ID": ["\0", "x" * 5000],
    "X-Forwarded-For": ["\0", "1.1.1.1, [::1"],
    "Cookie": ["sessionid=\\000", 'messages="a\\000b"', "messages=W10:x", "csrftoken=é"],
    "Range": ["bytes=0-1", "bytes=x"],
    "Host": ["testserver", "evil.example", "[", "a b"],
}
METHODS = ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "MADEUP"]


def text(random: Random) -> str:
    """One of the odd texts and numbers, or some characters that were drawn."""
    kind = random.random()
    if kind < 0.3:
        return random.choice(NUMBERS)
    if kind < 0.9:
        return random.choice(TEXTS)
    return "".join(
        chr(random.choice([*range(128), 0x2028, 0xE000, 0x1F600])) for _ in range(random.randrange(30))
    )


def json_value(random: Random, depth: int = 0) -> Any:
    """Anything that JSON can say, and numbers that it should not."""
    kind = random.random()
    if kind < 0.15 and depth < 3:
        return [json_value(random, depth + 1) for _ in range(random.randrange(4))]
    if kind < 0.3 and depth < 3:
        names = ["id", "quantity", "name", "price", "\0", "x"]
        return {random.choice(names): json_value(random, depth + 1) for _ in range(random.randrange(4))}
    odd = [None, True, False, 0, 1, -1, 1.5, float("nan"), 2**63, -(2**63), 10**300, "\ud800", "1.50"]
    return random.choice(odd) if kind < 0.6 else text(random)


def headers(random: Random) -> dict[str, str]:
    """Mostly none; else one or two that a browser would not send like this."""
    if random.random() < 0.8:
        return {}
    names = random.sample(list(HEADERS), random.randrange(1, 3))
    return {name: random.choice(HEADERS[name]) for name in names}
