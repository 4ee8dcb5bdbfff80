"""The desk under test: gunicorn as deployed, with more hands."""

import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from e2e.server import Server

WORKERS, THREADS = 3, 6


class Desk(Server):
    """A server whose processes can be killed."""

    def __init__(self, var: Path, *, log: Path, database_url: str) -> None:
        super().__init__(var, log=log)
        self.environment |= {
            "GUNICORN_CMD_ARGS": f"--workers {WORKERS} --threads {THREADS}",
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only-for-faults" * 5,
            "ALLOWED_HOSTS": "127.0.0.1",
        }

    def workers(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            if self._process is not None:
                return psutil.Process(self._process.pid).children()
        return []

    def kill_worker(self) -> bool:
        """SIGKILL to one worker; gunicorn starts another one in its place."""
        workers = self.workers()
        if workers:
            with suppress(psutil.NoSuchProcess):
                random.choice(workers).kill()
        return bool(workers)

    def kill(self) -> None:
        """SIGKILL to all of it."""
        if self._process is None:
            return
        processes = self.workers()
        self._process.send_signal(signal.SIGKILL)
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        self._process = None
        psutil.wait_procs(processes, timeout=10)

    def retries(self, since: int = 0) -> list[str]:
        """The retry loop's log lines after the byte `since`."""
        text = self.log.read_bytes()[since:].decode(errors="replace")
        return [line for line in text.splitlines() if " shop.transactions " in line]

    def tracebacks(self) -> list[str]:
        """What the server's log says about requests that ended in a 500."""
        text = self.log.read_text(errors="replace")
        return [part[:6000] for part in text.split("Internal Server Error: ")[1:]]

    def log_size(self) -> int:
        return self.log.stat().st_size

    def wait_for_workers(self, seconds: float = 15) -> None:
        """Returns when gunicorn has all its workers again."""
        deadline = time.monotonic() + seconds
        while len(self.workers()) < WORKERS and time.monotonic() < deadline:
            time.sleep(0.05)
