"""After every swap: no barrier, the focus on something, and what changed said aloud."""

from collections.abc import Mapping

from e2e.accessibility import BAR
from e2e.bar_table import record
from e2e.swap_results import SwapResults
from e2e.swaps import CONFLICT, UNPROCESSABLE


def listed(found: Mapping[str, object]) -> str:
    return "\n".join(f"{name}: {what!r}" for name, what in found.items())


def test_no_swap_makes_a_barrier(swap_results: SwapResults) -> None:
    barriers = {one.name: one.barriers for one in swap_results.results if one.barriers}
    count = sum(map(len, barriers.values()))
    record("axe: swaps", f"{count} after {len(swap_results.results)} swaps", BAR)
    assert not barriers, listed(barriers)


def test_the_focus_is_never_lost(swap_results: SwapResults) -> None:
    lost = swap_results.had_focus.count(False)
    record("focus: on body after a swap", f"{lost} of {len(swap_results.had_focus)} swaps", "0")
    assert len(swap_results.had_focus) >= len(swap_results.results)
    assert not lost


def test_the_focus_goes_where_the_next_key_belongs(swap_results: SwapResults) -> None:
    """An error's is the first bad field."""
    astray = {one.name: one.focus for one in swap_results.results if not one.is_held}
    errors = [one for one in swap_results.results if one.swap.status == UNPROCESSABLE]
    bad = [one for one in errors if one.name in astray]
    record("focus: on the bad field, steps", f"{len(errors) - len(bad)} of {len(errors)} errors", "all")
    assert not astray, listed(astray)


def test_what_changed_is_said_in_the_region_that_was_there_at_load(swap_results: SwapResults) -> None:
    silent = {one.name: one.said for one in swap_results.results if one.swap.says not in one.said}
    kinds = {
        "totals": [one for one in swap_results.results if "Subtotal" in one.swap.says],
        "result counts": [
            one for one in swap_results.results if "found." in one.swap.says or "match" in one.swap.says
        ],
        "errors": [one for one in swap_results.results if one.swap.status >= 400],
    }
    for kind, ones in kinds.items():
        heard = [one for one in ones if one.name not in silent]
        record(f"said aloud: {kind}", f"{len(heard)} of {len(ones)}", "all")
    assert not silent, listed(silent)


def test_refusals_swap_in(swap_results: SwapResults) -> None:
    """Each was swapped in: its words were seen on the page."""
    for status in (CONFLICT, UNPROCESSABLE):
        ones = [one for one in swap_results.results if one.swap.status == status]
        good = [one for one in ones if one.status == status]
        record(f"errors: {status} swaps in", f"{len(good)} of {len(ones)}", "all")
        assert good == ones, listed({one.name: one.status for one in ones})
