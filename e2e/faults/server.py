"""The server under test. It has more workers than a deployed one, and they can be killed."""

import random
from contextlib import suppress
from pathlib import Path

import psutil

from testing.servers import Server

WORKERS, THREADS = 3, 6


class FaultServer(Server):
    """A server whose workers can be killed, and whose log can be read."""

    def __init__(self, var: Path, *, log: Path, database_url: str) -> None:
        super().__init__(var, log=log, database_url=database_url)
        self.environment["GUNICORN_CMD_ARGS"] = f"--workers {WORKERS} --threads {THREADS}"

    def kill_worker(self) -> bool:
        """Sends SIGKILL to one worker; gunicorn starts another one in its place."""
        workers = self.workers()
        if workers:
            with suppress(psutil.NoSuchProcess):
                random.choice(workers).kill()
        return bool(workers)

    def retries(self, since: int = 0) -> list[str]:
        """Returns the retry loop's log lines after the byte `since`."""
        text = self.log.read_bytes()[since:].decode(errors="replace")
        return [line for line in text.splitlines() if " shop.transactions " in line]

    def tracebacks(self) -> list[str]:
        """Returns what the server's log says about requests that ended in a 500."""
        text = self.log.read_text(errors="replace")
        return [part[:6000] for part in text.split("Internal Server Error: ")[1:]]

    def log_size(self) -> int:
        return self.log.stat().st_size
