"""A browser without a screen: it knows forms, cookies and redirects."""

from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from testing.http_client import LIMIT_SECONDS, Answer, HttpClient, Tally

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


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


def read_form(page: str, action: str, having: str = "") -> dict[str, str]:
    """Returns the fields of the first form that posts to `action` and, if given, has a field `having`.

    Raises LookupError if there is none.
    """
    parser = _Forms()
    parser.feed(page)
    for address, fields in parser.forms:
        if address == action and (not having or having in fields):
            return fields
    raise LookupError(f"No form posts to {action} on this page:\n{page[:2000]}")


def read_location(answer: Answer) -> str:
    """Returns where a form that was accepted sends the browser."""
    assert answer.status in (302, 303), f"Refused with {answer.status}: {answer.text[:1500]}"
    parts = urlsplit(answer.headers["Location"])
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Browser:
    """One browser with its cookies. Requests are repeated until they are answered; a form carries its key."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.client = HttpClient(port, tally)
        self.cookies: dict[str, str] = {}
        #: The Set-Cookie headers of the last answer.
        self.set_cookies: list[str] = []

    def get(self, path: str) -> Answer:
        """Returns a page, after its redirects."""
        for _ in range(5):
            answer = self._keep_cookies(
                self.client.send_until_answered("GET", path, headers=self._cookie_header)
            )
            if answer.status not in (302, 303):
                return answer
            path = read_location(answer)
        raise AssertionError(f"{path} redirects without end")

    def post(self, path: str, fields: dict[str, str], limit: float = LIMIT_SECONDS) -> Answer:
        """Sends a form until there is an answer; redirects are not followed."""
        answer = self.client.send_until_answered(
            "POST", path, urlencode(fields), lambda: self._cookie_header() | FORM, limit
        )
        return self._keep_cookies(answer)

    def post_once(self, path: str, fields: dict[str, str]) -> Answer:
        """Sends a form a single time. Raises OSError or HTTPException when the connection breaks."""
        return self._keep_cookies(
            self.client.send("POST", path, urlencode(fields), self._cookie_header() | FORM)
        )

    def sign_in(self, name: str, password: str) -> None:
        page = self.get("/sign-in/").text
        fields = read_form(page, "") | {"username": name, "password": password}
        answer = self.post("/sign-in/", fields)
        assert answer.status == 302, f"{name} was not signed in: {answer.status} {answer.text[:500]}"

    def open_window(self) -> "Browser":
        """Returns another window of the same browser, on a connection of its own."""
        other = Browser(self.client.port, self.client.tally)
        other.cookies = self.cookies
        return other

    def cookie_text(self) -> str:
        # A copy, because the windows of a browser share its cookies, and threads change them.
        return "; ".join(f"{name}={value}" for name, value in list(self.cookies.items()))

    def _cookie_header(self) -> dict[str, str]:
        return {"Cookie": self.cookie_text()}

    def _keep_cookies(self, answer: Answer) -> Answer:
        self.set_cookies = answer.headers.get_all("Set-Cookie") or []
        for header in self.set_cookies:
            for name, morsel in SimpleCookie(header).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.coded_value
                else:
                    self.cookies.pop(name, None)
        return answer
