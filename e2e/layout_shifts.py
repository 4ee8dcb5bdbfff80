"""Measures layout shifts: how far parts of a page move without being moved by the user."""

import json

from playwright.sync_api import Page

#: Sums every entry, those right after a key or a click too; the tab keeps the list across pages.
SCRIPT = """
const note = (entries) => entries.forEach((entry) => {
  const kept = JSON.parse(sessionStorage.getItem("shifts") ?? "[]");
  const what = entry.sources.map(({ node, previousRect: was, currentRect: is }) =>
    `${node?.id || node?.className || node?.nodeName} ${was.y}->${is.y}`);
  kept.push([entry.value, `${location.pathname}: ${what.join(", ")}`]);
  sessionStorage.setItem("shifts", JSON.stringify(kept));
});
const observer = new PerformanceObserver((list) => note(list.getEntries()));
observer.observe({ type: "layout-shift", buffered: true });
addEventListener("pagehide", () => note(observer.takeRecords()));
"""


class LayoutShifts:
    """Collects the layout shifts of a page, from the next address that it loads."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.add_init_script(SCRIPT)

    def shifts(self) -> tuple[float, list[str]]:
        """Returns the sum of all shifts so far, and what moved."""
        # Entries are handed out after the frame that they are about.
        self._page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
        kept = json.loads(self._page.evaluate("sessionStorage.getItem('shifts') ?? '[]'"))
        return sum(value for value, _ in kept), [f"{value:.4f} {what}" for value, what in kept]
