"""A clerk's browser: signed in, with what it takes to send the desk's forms."""

import re
import uuid
from collections.abc import Generator, Iterable, Sequence

from bench import messages
from bench.servers import MeasuredServer
from bench.setup import PASSWORD
from testing.browser_client import Browser, read_form, read_location
from testing.http_client import Tally

#: Lines that a draft gets before the next one is taken.
LINES = 20
#: The mark of a row that the answer draws.
ROW = re.compile(rb'data-row="(\w+)"')


class StaffRequests:
    """Makes requests as bytes for one server."""

    def __init__(self, server: MeasuredServer, name: str = "clerk") -> None:
        self.port = server.port
        self.browser = Browser(server.port, Tally())
        self.browser.sign_in(name, PASSWORD)
        self.browser.get("/")
        self.cookies = self.browser.cookie_text()

    def get(self, path: str, *, fragment: bool = False) -> bytes:
        return messages.get(self.port, path, self.cookies, fragment=fragment)

    def draft(self) -> str:
        """The reference of a new draft."""
        fields = read_form(self.browser.get("/").text, "/orders/new/")
        path = read_location(self.browser.post("/orders/new/", fields))
        return path.strip("/").split("/")[-1]

    def adding(self, references: Iterable[str], texts: Sequence[str]) -> Generator[bytes, bytes | None, None]:
        """Adds a line for each text to one draft after the other, as the desk's script sends them.

        It hears the answers: the script says which rows of the draft it has.
        """
        references = list(references)
        # Asked for here and not by the generator, which another process runs against the clock.
        return self._adding(references, texts, self._token(references[0]))

    def _adding(
        self, references: Sequence[str], texts: Sequence[str], token: str
    ) -> Generator[bytes, bytes | None, None]:
        for reference in references:
            rows: list[str] = []
            for text in texts:
                fields = {"csrfmiddlewaretoken": token, "key": uuid.uuid4().hex, "text": text}
                answer = yield self._add(reference, fields | {"rows": " ".join(rows)})
                rows += [mark.decode() for mark in ROW.findall(answer or b"")]

    def _add(self, reference: str, fields: dict[str, str]) -> bytes:
        return messages.post(self.port, f"/orders/{reference}/lines/", fields, self.cookies, fragment=True)

    def placing(self, references: Iterable[str]) -> list[bytes]:
        """The forms of these drafts' review pages, as Enter sends them."""
        requests = []
        for reference in references:
            review = self.browser.get(f"/orders/{reference}/review/").text
            path = f"/orders/{reference}/sell/"
            requests.append(messages.post(self.port, path, read_form(review, path), self.cookies))
        return requests

    def _token(self, reference: str) -> str:
        desk = self.browser.get(f"/orders/{reference}/").text
        return read_form(desk, f"/orders/{reference}/lines/")["csrfmiddlewaretoken"]
