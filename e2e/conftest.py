"""One server and one browser for all tests; a context of its own for each page."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from e2e import actions, browsers, desks, measured
from e2e.desks import Desk
from e2e.server import ROOT, Server
from e2e.shelf import Shelf
from e2e.walk import Walk, walk
from e2e.watch import Watch

#: Screenshots of failed tests and the server's log; emptied by each run, ignored by git.
KEPT = ROOT / "var" / "e2e"
ROLES = ("clerk", "manager", "admin")

OpenPage = Callable[..., Page]


def pytest_configure(config: pytest.Config) -> None:
    config.option.output = str(KEPT)
    config.pluginmanager.register(measured)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: pytest.TestReport = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--disable-gpu", "--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return browser_type_launch_args | {"args": arguments} | browsers.windowless()


@pytest.fixture(scope="session")
def server(delete_output_dir: None) -> Iterator[Server]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="desk-") as var:
        made = Server(Path(var), log=KEPT / "server.log")
        made.manage("migrate", "--verbosity=0")
        made.manage("collectstatic", "--no-input", "--verbosity=0")
        made.start()
        yield made
        made.stop()


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="session")
def shelf(server: Server) -> Iterator[Shelf]:
    with Shelf(server) as made:
        for role in ROLES:
            made.staff(role, role, actions.PASSWORD)
        yield made


@pytest.fixture(scope="session", params=[desks.DEMO, desks.LARGE])
def desk(request: pytest.FixtureRequest, server: Server) -> Iterator[Desk]:
    """A desk with data, small and large: what the bars of weight and speed are held against."""
    with desks.serve(request.param, server, dict.fromkeys(ROLES, actions.PASSWORD)) as made:
        yield made


@pytest.fixture(scope="session")
def sessions(browser: Browser, shelf: Shelf) -> Callable[[str, str], Any]:
    """The cookies of somebody who is signed in at an address; each signs in once."""
    states: dict[tuple[str, str], Any] = {}

    def session(name: str, url: str) -> Any:
        if (name, url) not in states:
            context = browser.new_context(base_url=url)
            actions.sign_in(context.new_page(), name)
            states[name, url] = context.storage_state()
            context.close()
        return states[name, url]

    return session


@pytest.fixture
def open_page(
    browser: Browser,
    browser_context_args: dict[str, Any],
    sessions: Callable[[str, str], Any],
    base_url: str,
    request: pytest.FixtureRequest,
) -> Iterator[OpenPage]:
    """Opens a page in a context of its own, signed in as `who`, and watches it till the end.

    `at` is the address of another desk.
    """
    opened: list[tuple[Page, Watch]] = []

    def open_it(who: str = "", *, path: str = "/", at: str = base_url, **options: Any) -> Page:
        state = {"storage_state": sessions(who, at)} if who else {}
        context = browser.new_context(**browser_context_args | {"base_url": at} | state | options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        opened.append((page, Watch(page, at)))
        page.goto(path)
        return page

    yield open_it
    failed = request.node.stash.get(FAILED, False)
    if failed:
        _keep_screenshots(request.node.name, [page for page, _ in opened])
    for page, _ in opened:
        page.context.close()
    for _, watch in opened:
        if not failed:
            watch.check()


def _keep_screenshots(name: str, pages: list[Page]) -> None:
    for number, page in enumerate(pages, start=1):
        path: Path = KEPT / f"{re.sub(r'[^a-zA-Z0-9]+', '-', name).strip('-')}-{number}.png"
        page.screenshot(path=path, full_page=True, timeout=5000)


@pytest.fixture(scope="session")
def walked(browser: Browser, base_url: str, shelf: Shelf, sessions: Callable[[str, str], Any]) -> Walk:
    """Every swap, made once and looked at."""
    return walk(browser, shelf, base_url, sessions("clerk", base_url))


@pytest.fixture
def clerk(open_page: OpenPage) -> Page:
    return open_page("clerk")


@pytest.fixture
def manager(open_page: OpenPage) -> Page:
    return open_page("manager")


@pytest.fixture
def admin(open_page: OpenPage) -> Page:
    return open_page("admin")
