"""Arithmetic on what was measured. Latencies are milliseconds, rates are per second."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """Returns the smallest value that `percent` of all values do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


@dataclass(frozen=True)
class Turn:
    """One subject's turn: what its clients saw, and the CPU that its processes used."""

    latencies: list[float]
    seconds: float
    statuses: Counter[int]
    server_cpu: float = 0.0
    database_cpu: float = 0.0

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def done(self) -> int:
        """The number of requests that succeeded."""
        return sum(n for status, n in self.statuses.items() if status < 400)

    @property
    def rate(self) -> float:
        return self.done / self.seconds


@dataclass
class Series:
    """All turns of one subject."""

    turns: list[Turn] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Per second, the median of the rounds."""
        return median(turn.rate for turn in self.turns)

    @property
    def server_cpu(self) -> float:
        """Milliseconds of the server's processes a request, over all rounds together."""
        return 1000 * sum(turn.server_cpu for turn in self.turns) / self.requests

    @property
    def database_cpu(self) -> float:
        """Milliseconds of PostgreSQL's processes a request, over all rounds together."""
        return 1000 * sum(turn.database_cpu for turn in self.turns) / self.requests

    @property
    def requests(self) -> int:
        return sum(turn.count for turn in self.turns)

    @property
    def failed(self) -> float:
        """Percent of the requests that were answered with a failure; they are in no rate."""
        return 100 * (1 - sum(turn.done for turn in self.turns) / self.requests)

    def percentile(self, percent: float) -> float:
        """Milliseconds, over all rounds together."""
        return percentile([value for turn in self.turns for value in turn.latencies], percent)


def ratio(ours: Series, theirs: Series) -> float:
    """Returns our rate divided by theirs: the median over the rounds, each of which ran both."""
    pairs = zip(ours.turns, theirs.turns, strict=True)
    return median(our.rate / their.rate for our, their in pairs)
