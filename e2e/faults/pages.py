"""What a browser does with a page: its forms, its cookies, its redirects."""

from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from e2e.faults.talk import LIMIT, Answer, Line, Tally


class _Forms(HTMLParser):
    """Every form of a page: its address and its fields with the values they have."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        # A dialog's form is sent nowhere.
        if tag == "form" and values.get("method") != "dialog":
            self.forms.append((values.get("action", ""), {}))
        elif tag == "input" and self.forms and "name" in values:
            self.forms[-1][1][values["name"]] = values.get("value", "")


def form(page: str, action: str) -> dict[str, str]:
    """The fields of the page's form that posts to `action`. Raises LookupError when there is none."""
    parser = _Forms()
    parser.feed(page)
    for address, fields in parser.forms:
        if address == action:
            return fields
    raise LookupError(f"No form posts to {action} on this page:\n{page[:2000]}")


class Browser:
    """One browser with its cookies. GETs are repeated like everything else; POSTs carry their form's key."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.line = Line(port, tally)
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def get(self, path: str) -> Answer:
        """A page, after its redirects."""
        for _ in range(5):
            answer = self._keep(self.line.insist("GET", path, headers=self._headers))
            if answer.status not in (302, 303):
                return answer
            path = _path(answer)
        raise AssertionError(f"{path} redirects without end")

    def post(self, path: str, fields: dict[str, str], limit: float = LIMIT) -> Answer:
        """Sends a form, and the same again until there is an answer; redirects are not followed."""

        def headers() -> dict[str, str]:
            return self._headers() | {"Content-Type": "application/x-www-form-urlencoded"}

        return self._keep(self.line.insist("POST", path, urlencode(fields), headers, limit))

    def post_once(self, path: str, fields: dict[str, str]) -> Answer:
        headers = self._headers() | {"Content-Type": "application/x-www-form-urlencoded"}
        return self._keep(self.line.once("POST", path, urlencode(fields), headers))

    def sign_in(self, name: str, password: str) -> None:
        page = self.get("/sign-in/").text
        fields = form(page, "") | {"username": name, "password": password}
        answer = self.post("/sign-in/", fields)
        assert answer.status == 302, f"{name} was not signed in: {answer.status} {answer.text[:500]}"

    def twin(self) -> "Browser":
        """Another window of the same browser, on a connection of its own."""
        other = Browser(self.line.port, self.line.tally)
        other.cookies = dict(self.cookies)
        return other

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, answer: Answer) -> Answer:
        self.set_cookies = answer.headers.get_all("Set-Cookie") or []
        for header in self.set_cookies:
            for name, morsel in SimpleCookie(header).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.coded_value
                else:
                    self.cookies.pop(name, None)
        return answer


def _path(answer: Answer) -> str:
    parts = urlsplit(answer.headers["Location"])
    return parts.path + (f"?{parts.query}" if parts.query else "")


def location(answer: Answer) -> str:
    """Where a form that was accepted sends the browser."""
    assert answer.status in (302, 303), f"Refused with {answer.status}: {answer.text[:1500]}"
    return _path(answer)
