"""The panel of a conflict costs as much as it has rows."""

from typing import Any

from django.template.loader import render_to_string

from shop.web.conflicts import Conflict


def test_a_panel_asks_each_row_a_fixed_number_of_times() -> None:
    asked = {count: count_questions(count) for count in (10, 20, 40)}

    assert asked[40] - asked[20] == 2 * (asked[20] - asked[10])
    assert asked[40] <= 2 * 40


class CountingRow:
    """A row that notes how often it is asked for what the clerk wants."""

    what, was, now, change = "Lamp", "1", "2", None
    asked = 0

    @property
    def wanted(self) -> str:
        CountingRow.asked += 1
        return ""


def count_questions(rows: int) -> int:
    CountingRow.asked = 0
    panel: Any = Conflict("Changed", [CountingRow() for _ in range(rows)], None)  # type: ignore[misc]
    render_to_string(
        "components/_conflict.html", {"conflict": panel, "offers": "components/_form_offers.html"}
    )
    return CountingRow.asked
