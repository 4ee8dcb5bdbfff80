"""A server for each shop under test, one browser, and a context of its own for each page."""

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from e2e import actions, bar_table, browsers, filled_shops
from e2e.conflict_actions import OpenTwo
from e2e.filled_shops import FilledShop, ShopOriginals
from e2e.page_errors import PageErrors
from e2e.swap_results import SwapResults, make_every_swap
from testing import ROOT
from testing.seeding import Seeder
from testing.servers import Server

#: Screenshots of failed tests and the server's log; emptied by each run, ignored by git. Each process of a
#: run has a place of its own.
KEPT = ROOT / "var" / "e2e" / os.environ.get("PYTEST_XDIST_WORKER", "")
ROLES = ("clerk", "manager", "admin")

OpenPage = Callable[..., Page]


def pytest_configure(config: pytest.Config) -> None:
    config.option.output = str(KEPT)
    config.pluginmanager.register(bar_table)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--disable-gpu", "--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return browser_type_launch_args | {"args": arguments} | browsers.get_windowless_options()


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> ShopOriginals:
    own = tmp_path_factory.getbasetemp()
    return ShopOriginals(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def log(delete_output_dir: None) -> Path:
    """The log of all servers of this process."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return KEPT / "server.log"


@pytest.fixture(scope="session")
def server(originals: ShopOriginals, log: Path) -> Iterator[Server]:
    with filled_shops.copy_served(originals.empty(), log=log) as served:
        yield served


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="session")
def seeder(server: Server) -> Iterator[Seeder]:
    with Seeder(server) as new_seeder:
        new_seeder.make_staff(*ROLES, password=actions.PASSWORD)
        yield new_seeder


@pytest.fixture(scope="session")
def demo_shop(originals: ShopOriginals, log: Path) -> Iterator[FilledShop]:
    with filled_shops.serve_filled(
        filled_shops.DEMO, originals, *ROLES, password=actions.PASSWORD, log=log
    ) as filled:
        yield filled


@pytest.fixture(scope="session")
def large_shop(originals: ShopOriginals, log: Path) -> Iterator[FilledShop]:
    with filled_shops.serve_filled(
        filled_shops.LARGE, originals, *ROLES, password=actions.PASSWORD, log=log
    ) as filled:
        yield filled


@pytest.fixture(params=["demo_shop", "large_shop"], ids=[filled_shops.DEMO, filled_shops.LARGE])
def filled(request: pytest.FixtureRequest) -> FilledShop:
    """A shop with data, small and large: what the bars of weight and speed are held against."""
    shop: FilledShop = request.getfixturevalue(request.param)
    return shop


@pytest.fixture(scope="session")
def sessions(browser: Browser, seeder: Seeder) -> Callable[[str, str], Any]:
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
    """Opens a page in a context of its own, signed in as `name`, and collects its errors.

    `at` is the address of another server.
    """
    opened: list[tuple[Page, PageErrors]] = []

    def open_it(name: str = "", *, path: str = "/", at: str = base_url, **options: Any) -> Page:
        state = {"storage_state": sessions(name, at)} if name else {}
        context = browser.new_context(**browser_context_args | {"base_url": at} | state | options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        opened.append((page, PageErrors(page, at)))
        page.goto(path)
        return page

    yield open_it
    _close_pages(opened, request.node)


def _close_pages(opened: list[tuple[Page, PageErrors]], node: pytest.Item) -> None:
    """Closes the pages of a test, and raises what was wrong on them unless the test has failed already."""
    failed = node.stash.get(FAILED, False)
    if failed:
        _keep_screenshots(node.name, [page for page, _ in opened])
    for page, _ in opened:
        page.context.close()
    for _, errors in opened:
        if not failed:
            errors.check()


def _keep_screenshots(name: str, pages: list[Page]) -> None:
    for number, page in enumerate(pages, start=1):
        path: Path = KEPT / f"{re.sub(r'[^a-zA-Z0-9]+', '-', name).strip('-')}-{number}.png"
        page.screenshot(path=path, full_page=True, timeout=5000)


@pytest.fixture(scope="session")
def swap_results(
    browser: Browser, base_url: str, seeder: Seeder, sessions: Callable[[str, str], Any]
) -> SwapResults:
    """Every swap, made once."""
    return make_every_swap(browser, seeder, base_url, sessions("clerk", base_url))


@pytest.fixture
def clerk(open_page: OpenPage) -> Page:
    return open_page("clerk")


@pytest.fixture
def manager(open_page: OpenPage) -> Page:
    return open_page("manager")


@pytest.fixture
def admin(open_page: OpenPage) -> Page:
    return open_page("admin")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript is on: a test that asks for this runs with it and without."""
    return bool(request.param)


@pytest.fixture
def any_clerk(open_page: OpenPage, scripted: bool) -> Page:
    """The clerk's page, with JavaScript and without."""
    return open_page("clerk", java_script_enabled=scripted)


@pytest.fixture
def open_two(open_page: OpenPage, scripted: bool) -> OpenTwo:
    def open_pair(mine: str, theirs: str) -> tuple[Page, Page]:
        return open_page(mine, java_script_enabled=scripted), open_page(theirs)

    return open_pair
