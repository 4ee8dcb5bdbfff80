"""How gunicorn serves shop: `gunicorn -c deploy/gunicorn.conf.py shop.wsgi`.

Any of it can be overridden on the command line, as in `--bind 0.0.0.0:8000` inside a container.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

# Reachable from this machine only; a proxy that speaks TLS stands in front of anything more.
bind = f"127.0.0.1:{os.environ.get('PORT') or '8000'}"

workers = 2
# Slow and silent clients take no thread: see there, and bench/RESULTS.md.
worker_class = "shop.web.buffered_worker.BufferedWorker"
threads = 4
preload_app = False
# What the workers make is theirs alone.
umask = 0o077

# Above the retry budget of shop/db/transactions.py with a last attempt's statements in it,
# so that a busy database is answered by us and not by a killed worker.
timeout = 30
graceful_timeout = 20

# The workers' heartbeat, in memory where there is such a place: a busy disk must not look like a hang.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
# Workers are managed by signals; no socket to command them is left in anyone's home.
control_socket_disable = True

# As shop.configuration.read_flag reads it, which cannot be imported before the workers are.
if os.environ.get("SHOP_METRICS", "").strip().lower() in {"1", "true", "yes", "on"}:
    # Each worker keeps its figures in files of its own; those of an earlier run say nothing now.
    _var = os.environ.get("SHOP_VAR") or Path(__file__).resolve().parent.parent / "var"
    _figures = Path(_var) / "metrics"
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures)


def on_starting(server: Any) -> None:
    """Empties the folder of the workers' figures."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Lets a worker's figures be kept, but not as those of somebody alive."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
