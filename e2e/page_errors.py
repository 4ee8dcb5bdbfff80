"""Collects errors that no user sees: script errors, violations of the CSP, requests to other hosts."""

from playwright.sync_api import ConsoleMessage, Page, Request

#: Chromium and htmx log every answer of 400 and above, every lost connection, and every search that a
#: newer one took the place of; tests look at those themselves.
EXPECTED = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:sendError",
    "htmx:sendAbort",
    "htmx:afterRequest",
)


class PageErrors:
    """Collects errors of one page from now on."""

    def __init__(self, page: Page, base_url: str) -> None:
        self._base_url = base_url
        self.errors: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"script error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.errors.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._base_url, "data:")):
            self.errors.append(f"request to another host: {request.url}")

    def check(self) -> None:
        """Raises AssertionError if there were errors."""
        assert not self.errors, "\n".join(self.errors)
