"""Measures the requests of a page and the bytes of their responses, as Chromium counts them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page


@dataclass
class Exchange:
    """A request that left the browser. `size` is the bytes of the response: headers and compressed body."""

    url: str
    kind: str
    encoding: str = ""
    size: int = 0


class NetworkTraffic:
    """Collects the requests of a page, without those that the browser's cache answers."""

    def __init__(self, page: Page) -> None:
        self._exchanges: dict[str, Exchange] = {}
        self._page = page
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", self._cached)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if not url.startswith("data:"):
            self._exchanges[event["requestId"]] = Exchange(url, event.get("type", ""))

    def _cached(self, event: dict[str, Any]) -> None:
        self._exchanges.pop(event["requestId"], None)

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache"):
            self._cached(event)
        elif event["requestId"] in self._exchanges:
            headers = {name.lower(): value for name, value in response["headers"].items()}
            self._exchanges[event["requestId"]].encoding = headers.get("content-encoding", "")

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._exchanges:
            self._exchanges[event["requestId"]].size = int(event["encodedDataLength"])

    def take(self) -> list[Exchange]:
        """Waits for the open requests. Returns all requests since the last call."""
        # Waiting is also what lets Chromium's events in; a page may ask for more a moment later.
        self._page.wait_for_timeout(300)
        for _ in range(50):
            if all(exchange.size for exchange in self._exchanges.values()):
                break
            self._page.wait_for_timeout(50)
        taken = list(self._exchanges.values())
        self._exchanges.clear()
        return taken


def hosts(exchanges: list[Exchange]) -> set[str]:
    return {urlsplit(exchange.url).netloc for exchange in exchanges}
