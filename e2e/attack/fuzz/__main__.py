"""`python -m e2e.attack.fuzz --requests 20000 --engine sqlite|postgresql`: ends with 1 after any 5xx."""

import argparse
import logging
import signal
import sys
import time
import traceback
from collections import Counter
from random import Random
from typing import Any

from e2e.attack.fuzz.target import Staff, open_shop, restock

#: Requests after which staff get back their rights, and there are new rows.
HEALED, RESTOCKED = 150, 500
#: Seconds of a request that are told.
SLOW = 5.0


class Report:
    """How many requests there were, how they were answered, and which of them failed."""

    def __init__(self) -> None:
        self.statuses: dict[str, Counter[int]] = {}
        self.failures: Counter[str] = Counter()
        self.raised = ""

    def note_error(self, sender: Any, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        self.raised = "".join(traceback.format_exception(error)[-6:]) if error else ""

    def count(self, area: str, sent: str, answer: Any, seconds: float) -> None:
        self.statuses.setdefault(area, Counter())[answer.status_code] += 1
        if answer.status_code >= 500:
            why = self.raised or str(answer.status_code)
            if not self.failures[why[-400:]]:
                print(f"{answer.status_code}: {sent}\n{why}", flush=True)
            self.failures[why[-400:]] += 1
        elif seconds > SLOW:
            print(f"slow, {seconds:.1f} s: {sent}", flush=True)
        self.raised = ""

    def lines(self) -> list[str]:
        rows = [
            f"{area}: {sum(statuses.values())} requests, {self._failed(statuses)} × 5xx  "
            + " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))
            for area, statuses in sorted(self.statuses.items())
        ]
        together = sum(self.statuses.values(), Counter[int]())
        return [*rows, f"together: {together.total()} requests, {self._failed(together)} × 5xx"]

    @staticmethod
    def _failed(statuses: Counter[int]) -> int:
        return sum(count for status, count in statuses.items() if status >= 500)


def attack(requests: int, seed: int) -> Report:
    """Sends so many. The same seed draws the same, as far as the rows' ids and references are the same."""
    from django.core.signals import got_request_exception

    from e2e.attack.fuzz.addresses import discover
    from e2e.attack.fuzz.requests import Sender

    staff, report = Staff(), Report()
    got_request_exception.connect(report.note_error)
    sender = Sender(discover(), staff, Random(seed))
    for number in range(requests):
        # Before rows are made too: the attack may have renamed or deleted who makes them.
        if number % HEALED == 0 or number % RESTOCKED == 0:
            staff.heal()
        if number % RESTOCKED == 0:
            restock(number)
            print(f"after {number}:", *report.lines(), sep="\n", flush=True)
        began = time.monotonic()
        report.count(*sender.send(), time.monotonic() - began)
    return report


def main() -> int:
    """0 when nothing was answered with a 5xx."""
    parser = argparse.ArgumentParser(prog="python -m e2e.attack.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "stand-in"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = time.monotonic()
    # So that the database server is stopped when this process is told to end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with open_shop(wanted.engine):
        logging.disable()
        report = attack(wanted.requests, wanted.seed)
    print(f"{wanted.engine}, seed {wanted.seed}, {time.monotonic() - began:.0f} s", *report.lines(), sep="\n")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
