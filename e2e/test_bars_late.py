"""A search answer that comes late never overwrites a newer one, however many products there are."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from e2e import actions
from e2e.bar_table import record
from e2e.filled_shops import FilledShop
from testing.seeding import unique_word

#: Counts notices, those that are gone again too.
TOLD = """
window.told = 0;
new MutationObserver(() => { told += 1; }).observe(document.getElementById("notices"), { childList: true });
"""


def search_twice(page: Page, words: list[str], field: str) -> Route:
    """Searches for both words; returns the first request, which is not answered yet."""
    late: list[Route] = []
    page.route(f"**/*{words[0]}*", lambda route: late.append(route), times=1)
    actions.search(page, words[0], field)
    while not late:
        page.wait_for_timeout(20)
    actions.search(page, words[1], field)
    expect(actions.rows(page)).to_have_count(1)
    expect(actions.rows(page)).to_contain_text(words[1])
    return late[0]


@pytest.mark.parametrize("path", ["/products/", "/customers/", "/orders/"])
def test_a_late_answer_does_not_overwrite_a_newer_one(open_page, filled: FilledShop, path: str) -> None:
    words = [unique_word(), unique_word()]
    for word in words:
        customer = filled.seeder.make_customer(f"Ada {word}")
        filled.seeder.make_order((filled.seeder.make_product(f"Lamp {word}"), 1), customer=customer)
    page: Page = open_page("clerk", at=filled.server.url, path=path)
    page.evaluate(TOLD)
    field = "Customer" if path == "/orders/" else "Search"
    late = search_twice(page, words, field)

    answer = late.fetch()
    assert words[0] in answer.text()
    with suppress(Error):  # Chromium may have forgotten the request by now
        late.fulfill(response=answer)
    page.wait_for_timeout(300)
    rows = actions.rows(page).all_inner_texts()
    stays = len(rows) == 1 and words[1] in rows[0]
    record(
        f"late answer: {path} searched twice, the first answered last, {filled.name}",
        "the newer one stays" if stays else "the late one shows",
        "the newer one stays",
    )
    assert stays, rows
    expect(page.get_by_role("searchbox", name=field)).to_have_value(words[1])
    # Giving up a search is no failure, not even for a moment.
    assert page.evaluate("told") == 0
