"""How much is measured: SCALE=full (half an hour on two cores, once an hour more) or SCALE=small (minutes).

The hour is for a million orders, which are kept under var/bench.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Rounds of each comparison and seconds of each turn; sizes of data; numbers of requests."""

    name: str
    rounds: int
    seconds: float
    orders: int
    few_orders: int
    page_requests: int
    search_requests: int
    every_sort: bool
    import_rounds: int
    memory_first: int
    memory_last: int
    starts: int


SCALES = {
    "full": Scale(
        name="full",
        rounds=5,
        seconds=1.5,
        orders=1_000_000,
        few_orders=1_000,
        page_requests=40,
        search_requests=30,
        every_sort=True,
        import_rounds=1,
        memory_first=1_000,
        memory_last=10_000,
        starts=5,
    ),
    "small": Scale(
        name="small",
        rounds=3,
        seconds=0.5,
        orders=20_000,
        few_orders=1_000,
        page_requests=30,
        search_requests=20,
        every_sort=False,
        import_rounds=1,
        memory_first=500,
        memory_last=2_000,
        starts=5,
    ),
}


def chosen() -> Scale:
    """The scale that the environment asks for. Ends the program when it is none."""
    name = os.environ.get("SCALE") or "full"
    if name not in SCALES:
        raise SystemExit(f"SCALE is {name!r}: set it to one of {', '.join(SCALES)}.")
    return SCALES[name]
