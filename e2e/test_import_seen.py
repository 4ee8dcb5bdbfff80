"""Orders made elsewhere are imported by command, and seen in the lists and on their pages."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e import actions
from testing.servers import Server

ORDERS = Path(__file__).parent / "data" / "orders.csv"


def run_import(server: Server, rejects: Path) -> dict[str, object]:
    printed = server.manage("import_orders", "--json", "--rejects", str(rejects), str(ORDERS))
    figures: dict[str, object] = json.loads(printed.splitlines()[-1])
    return figures


def test_imported_orders_are_seen_once_with_their_own_date_and_prices(
    clerk: Page, server: Server, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    figures = run_import(server, rejects)
    assert figures["orders"] == 2
    assert figures["lines"] == 4
    assert figures["value"] == "123.30"
    assert figures["skipped"] == {"inexact_price": 1}
    assert (figures["credit_notes"], figures["credit_value"]) == (1, "34.95")
    assert '"orders.csv","7","inexact_price"' in rejects.read_text()
    assert run_import(server, tmp_path / "again.csv")["orders"] == 0

    _sees_the_orders_in_the_list(clerk)
    _sees_the_order_as_it_was(clerk)
    clerk.goto("/products/?q=e2ebell")
    expect(actions.rows(clerk).locator("td")).to_have_text(["E2E-BELL", "$34.95", "–"])


def _sees_the_orders_in_the_list(page: Page) -> None:
    page.goto("/orders/?first=2011-03-01&last=2011-03-31&sort=oldest")
    expect(actions.rows(page)).to_have_count(2)
    expect(actions.rows(page).nth(0)).to_contain_text("2011-03-14 09:26")
    expect(actions.rows(page).nth(0)).to_contain_text("Customer 88801")
    expect(actions.rows(page).nth(0)).to_contain_text("$53.40")
    expect(actions.rows(page).nth(1)).to_contain_text("Walk-in")
    page.goto("/orders/")
    actions.search(page, "customer 88801", field="Customer")
    expect(actions.rows(page)).to_have_count(1)
    expect(actions.rows(page)).to_contain_text("$53.40")


def _sees_the_order_as_it_was(page: Page) -> None:
    actions.rows(page).get_by_role("rowheader").get_by_role("link").click()
    actions.expect_status(page, "Placed")
    expect(actions.field_of(page, "Number elsewhere")).to_have_text("E2E-700")
    expect(actions.field_of(page, "Placed")).to_contain_text("2011-03-14 09:26")
    totals = page.locator("table.lines tbody td:last-child")
    expect(totals).to_have_text(["$15.00", "$34.95", "$3.45"])
    expect(actions.timeline(page)).to_contain_text(["Imported"])
