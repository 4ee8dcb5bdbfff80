"""Metrics for Prometheus, served at /metrics when SHOP_METRICS=1.

Each gunicorn worker writes its own files under PROMETHEUS_MULTIPROC_DIR (deploy/gunicorn.conf.py sets
it), and a response adds them up.
"""

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

ATTEMPTS = Counter(
    "shop_transaction_attempts",
    "Attempts of retried transactions: how each ended, how far it got, and the database's code.",
    ["outcome", "phase", "sqlstate"],
)
AMBIGUOUS_COMMITS = Counter(
    "shop_ambiguous_commits", "COMMITs whose answer was lost, so that their outcome was unknown at first."
)
GIVE_UPS = Counter("shop_give_ups", "Transactions given up when their budget was used up.", ["kind"])
CUT_CONNECTIONS = Counter("shop_cut_connections", "Database connections cut at a request's deadline.")
REQUESTS = Histogram(
    "shop_request_seconds",
    "Seconds from a request's arrival to its answer.",
    ["method", "view", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def render_metrics() -> bytes:
    """Returns the metrics of all workers in the text format of Prometheus."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
