"""Checks a page by axe-core in every look: light and dark, narrow and wide."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from e2e.bar_table import record

OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # Part of WCAG 2.2 AA, but off in axe unless asked for.
    "rules": {"target-size": {"enabled": True}},
}
WIDTHS = (320, 1280)
WIDE: ViewportSize = {"width": 1280, "height": 900}
AXE = Axe()
BAR = "0 violations, light and dark, 320 and 1280 px"

#: How many pages were checked, and how many violations they had in all.
_counts = {"pages": 0, "violations": 0}


def check(page: Page) -> None:
    """Raises AssertionError for violations that axe finds, and for a page that is wider than its window."""
    barriers = problems(page)
    _counts["pages"] += 1
    _counts["violations"] += len(barriers)
    record("axe: pages", "{violations} on {pages} pages".format(**_counts), BAR)
    assert not barriers, "\n".join([page.url, *barriers])


def check_if_scripted(page: Page, scripted: bool) -> None:
    """Checks the page where JavaScript is on, because axe is a script."""
    if scripted:
        check(page)


def problems(page: Page) -> list[str]:
    """Returns what axe finds in every look, and by how much the page is too wide."""
    barriers = []
    page.evaluate(AXE.axe_script)
    for scheme in ("light", "dark"):
        # Without motion no colour is caught on its way from the other scheme.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            barriers += [f"{scheme}, {width} px: {problem}" for problem in _violations(page)]
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                barriers.append(f"{width} px: the page is {wider} px too wide")
    return barriers


def _violations(page: Page) -> list[str]:
    violations = page.evaluate("options => axe.run(document, options).then(r => r.violations)", OPTIONS)
    return [
        f"{violation['id']}: {' '.join(node['target'])}: {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
