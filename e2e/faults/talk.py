"""HTTP as clients speak it: one connection each, and the same request again until there is an answer."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: Seconds that a client waits for one answer, and in all for one thing it wants done.
PATIENCE, LIMIT = 35.0, 60.0


class NoAnswer(Exception):
    """The client gave up: it does not know what became of its request."""


@dataclass(frozen=True)
class Answer:
    """What came back. `sent` is how often the request was sent."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    sent: int = 1


@dataclass
class Tally:
    """What all clients together saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    unknown: int = 0
    longest: float = 0.0
    longest_what: str = ""
    served: list[float] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, what: str, answer: Answer, seconds: float) -> None:
        with self._lock:
            self.statuses[answer.status] += 1
            self.unknown += answer.status == 503 and "we do not know yet" in answer.text
            self._waited(what, seconds)
            if answer.status == 500 or (answer.status == 503 and "Retry-After" not in answer.headers):
                self.bad.append(f"{answer.status} to {what}: {answer.text[:300]}")

    def break_off(self, what: str, seconds: float) -> None:
        with self._lock:
            self.broken += 1
            self._waited(what, seconds)

    def done(self) -> None:
        """Somebody got what they wanted, now."""
        with self._lock:
            self.served.append(time.monotonic())

    def _waited(self, what: str, seconds: float) -> None:
        if seconds > self.longest:
            self.longest, self.longest_what = seconds, what


class Line:
    """One client's connection to the desk."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port = port
        self.tally = tally
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def once(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        """Sends it once. Raises OSError or HTTPException when the connection breaks."""
        began = time.monotonic()
        what = f"{method} {path}"
        try:
            self._connection.request(method, path, body or None, headers or {})
            response = self._connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self.tally.break_off(what, time.monotonic() - began)
            raise
        answer = Answer(response.status, response.headers, text)
        self.tally.answer(what, answer, time.monotonic() - began)
        return answer

    def insist(
        self,
        method: str,
        path: str,
        body: str = "",
        headers: Callable[[], dict[str, str]] = dict,
        limit: float = LIMIT,
    ) -> Answer:
        """Sends the very same again while the desk is away or busy. Raises NoAnswer past the limit."""
        deadline = time.monotonic() + limit
        sent = 0
        while True:
            sent += 1
            try:
                answer = self.once(method, path, body, headers())
            except (OSError, http.client.HTTPException) as error:
                last: object = error
            else:
                if answer.status != 503:
                    return Answer(answer.status, answer.headers, answer.text, sent)
                last = answer.text
            if time.monotonic() > deadline:
                raise NoAnswer(f"{method} {path}: {last}")
            time.sleep(random.uniform(0.05, 0.3))

    def close(self) -> None:
        self._connection.close()
