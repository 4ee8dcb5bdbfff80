"""After every swap: no barrier, the focus on something, and what changed said aloud."""

from collections.abc import Mapping

from e2e.accessibility import BAR
from e2e.bar_table import record
from e2e.swap_results import SwapResults
from e2e.swaps import CONFLICT, UNPROCESSABLE


def format_values(values: Mapping[str, object]) -> str:
    return "\n".join(f"{name}: {what!r}" for name, what in values.items())


def test_no_swap_makes_a_barrier(swap_results: SwapResults) -> None:
    barriers = {result.name: result.barriers for result in swap_results.results if result.barriers}
    count = sum(map(len, barriers.values()))
    record("axe: swaps", f"{count} after {len(swap_results.results)} swaps", BAR)
    assert not barriers, format_values(barriers)


def test_the_focus_is_never_lost(swap_results: SwapResults) -> None:
    lost = swap_results.had_focus.count(False)
    record("focus: on body after a swap", f"{lost} of {len(swap_results.had_focus)} swaps", "0")
    assert len(swap_results.had_focus) >= len(swap_results.results)
    assert not lost


def test_the_focus_goes_where_the_next_key_belongs(swap_results: SwapResults) -> None:
    """An error's is the first bad field."""
    astray = {result.name: result.focus for result in swap_results.results if not result.is_held}
    errors = [result for result in swap_results.results if result.swap.status == UNPROCESSABLE]
    bad = [result for result in errors if result.name in astray]
    record("focus: on the bad field, steps", f"{len(errors) - len(bad)} of {len(errors)} errors", "all")
    assert not astray, format_values(astray)


def test_what_changed_is_said_in_the_region_that_was_there_at_load(swap_results: SwapResults) -> None:
    silent = {
        result.name: result.said for result in swap_results.results if result.swap.says not in result.said
    }
    kinds = {
        "totals": [result for result in swap_results.results if "Subtotal" in result.swap.says],
        "result counts": [
            result
            for result in swap_results.results
            if "found." in result.swap.says or "match" in result.swap.says
        ],
        "errors": [result for result in swap_results.results if result.swap.status >= 400],
    }
    for kind, ones in kinds.items():
        heard = [result for result in ones if result.name not in silent]
        record(f"said aloud: {kind}", f"{len(heard)} of {len(ones)}", "all")
    assert not silent, format_values(silent)


def test_refusals_swap_in(swap_results: SwapResults) -> None:
    """Each was swapped in: its words were seen on the page."""
    for status in (CONFLICT, UNPROCESSABLE):
        ones = [result for result in swap_results.results if result.swap.status == status]
        good = [result for result in ones if result.status == status]
        record(f"errors: {status} swaps in", f"{len(good)} of {len(ones)}", "all")
        assert good == ones, format_values({result.name: result.status for result in ones})
