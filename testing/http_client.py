"""An HTTP client that keeps one connection and can send the same request until it is answered."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: Seconds that a client waits for one answer, and seconds in all until it gives up a request that it repeats.
ANSWER_SECONDS, LIMIT_SECONDS = 35.0, 60.0


class NoAnswer(Exception):
    """The client gave up: it does not know what became of its request."""


@dataclass(frozen=True)
class Answer:
    """A response of the server. `sent` is how often the request was sent."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    sent: int = 1


@dataclass
class Tally:
    """Counts what all clients together were answered. `done_at` holds the times at which a task succeeded."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    unknown: int = 0
    longest: float = 0.0
    longest_request: str = ""
    done_at: list[float] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count_answer(self, request: str, answer: Answer, seconds: float) -> None:
        with self._lock:
            self.statuses[answer.status] += 1
            self.unknown += answer.status == 503 and "we do not know yet" in answer.text
            self._note_wait(request, seconds)
            if answer.status == 500 or (answer.status == 503 and "Retry-After" not in answer.headers):
                self.bad.append(f"{answer.status} to {request}: {answer.text[:300]}")

    def count_broken(self, request: str, seconds: float) -> None:
        with self._lock:
            self.broken += 1
            self._note_wait(request, seconds)

    def count_done(self) -> None:
        """Notes that a client's task has succeeded now."""
        with self._lock:
            self.done_at.append(time.monotonic())

    def _note_wait(self, request: str, seconds: float) -> None:
        if seconds > self.longest:
            self.longest = seconds
            self.longest_request = request


class HttpClient:
    """One client's connection to the server."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port = port
        self.tally = tally
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)

    def send(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        """Sends a request. Raises OSError or HTTPException when the connection breaks."""
        began = time.monotonic()
        request = f"{method} {path}"
        try:
            self._connection.request(method, path, body or None, headers or {})
            response = self._connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self.tally.count_broken(request, time.monotonic() - began)
            raise
        answer = Answer(response.status, response.headers, text)
        self.tally.count_answer(request, answer, time.monotonic() - began)
        return answer

    def send_until_answered(
        self,
        method: str,
        path: str,
        body: str = "",
        headers: Callable[[], dict[str, str]] = dict,
        limit: float = LIMIT_SECONDS,
    ) -> Answer:
        """Sends the same request until the answer is not a 503. Raises NoAnswer after `limit` seconds."""
        deadline = time.monotonic() + limit
        sent = 0
        while True:
            sent += 1
            try:
                answer = self.send(method, path, body, headers())
            except (OSError, http.client.HTTPException) as error:
                last: object = error
            else:
                if answer.status != 503:
                    return Answer(answer.status, answer.headers, answer.text, sent)
                last = answer.text
            if time.monotonic() > deadline:
                raise NoAnswer(f"{method} {path}: {last}")
            time.sleep(random.uniform(0.05, 0.3))
