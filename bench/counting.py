"""How many statements a request costs: one client, a counting proxy before the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bench.load import connect, read_answer
from bench.servers import MeasuredServer
from testing.counting_proxy import CountingProxy


@dataclass(frozen=True)
class Cost:
    """One request's statements and round trips (BEGIN and COMMIT counted), and its longest answer."""

    statements: int
    round_trips: int
    answer: bytes

    @property
    def text(self) -> str:
        """The number of statements, and of round trips where several went in one."""
        if self.round_trips == self.statements:
            return str(self.statements)
        return f"{self.statements} in {self.round_trips}"


def measure_cost(
    server: MeasuredServer, proxy: CountingProxy, requests: Iterable[bytes], warm: int = 4
) -> Cost:
    """Returns the usual cost of these requests. The first `warm` ones open connections and do not count."""
    seen: Counter[tuple[int, int]] = Counter()
    longest = b""
    line = connect(server, 1)[0]
    for number, request in enumerate(requests):
        before = proxy.counts()
        line.sendall(request)
        answer = read_answer(line)
        if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 303")):
            raise RuntimeError(f"{request[:300]!r}\nwas answered with\n{answer[:1500]!r}")
        after = proxy.counts()
        if number >= warm:
            seen[after[0] - before[0], after[1] - before[1]] += 1
            longest = max(longest, answer, key=len)
    line.close()
    (statements, round_trips), _ = seen.most_common(1)[0]
    return Cost(statements, round_trips, longest)
