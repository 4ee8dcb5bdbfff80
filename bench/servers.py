"""The servers under test: each the same gunicorn with deploy/gunicorn.conf.py, on a free port of loopback."""

import itertools
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.database import cpu_seconds
from e2e.server import OURS, ROOT

CONF = "deploy/gunicorn.conf.py"
START_SECONDS = 30


class Server:
    """gunicorn with one of the projects `shop`, `bench.tutorial`, `bench.floor`, as it is in `tree`."""

    def __init__(self, project: str, var: Path, url: str = "", tree: Path = ROOT) -> None:
        self.project = project
        self.tree = tree
        self.var = var
        self.port = _free_port()
        var.mkdir(parents=True, exist_ok=True)
        self.environment = _kept() | {
            "SHOP_VAR": str(var),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": f"{project}.settings",
            "SECRET_KEY": "only-for-the-bench" * 4,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": url,
        }
        #: More of gunicorn's command line.
        self.options: tuple[str, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> str:
        """Runs a management command of the project and returns what it printed."""
        return self.python("-m", "django", *arguments)

    def python(self, *arguments: str, said: str = "") -> str:
        """Runs Python with the project's environment; `said` is its standard input."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.tree,
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
        return done.stdout

    def launch(self) -> None:
        """Begins to serve, and returns at once."""
        with (self.var / f"{self.project}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", CONF, *self.options, f"{self.project}.wsgi"],
                cwd=self.tree,
                env=self.environment,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the bench, which then stops what it started.
                start_new_session=True,
            )

    def wait(self) -> None:
        """Returns when /ping/ is answered."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                raise RuntimeError(f"{self.project} did not start: see its log under {self.var.name}.")
            time.sleep(0.005)

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            for one in [*self.workers(), self._process]:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)
            self._process.wait()
        self._process = None

    def workers(self) -> list[psutil.Process]:
        """Its worker processes, once all of them were started."""
        assert self._process is not None
        wanted = runpy.run_path(str(ROOT / CONF))["workers"]
        deadline = time.monotonic() + START_SECONDS
        while True:
            found = psutil.Process(self._process.pid).children()
            if len(found) >= wanted or time.monotonic() > deadline:
                return found
            time.sleep(0.01)

    def cpu(self) -> float:
        """Seconds of CPU that its processes have used so far."""
        assert self._process is not None
        return sum(map(cpu_seconds, [psutil.Process(self._process.pid), *self.workers()]))

    def owner(self, port: int) -> int:
        """The worker that serves the connection from `port`; 0 when none has taken it."""
        for worker in self.workers():
            for link in worker.net_connections(kind="tcp4"):
                if link.raddr and link.raddr.port == port:
                    return worker.pid
        return 0

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(self.ping())
            return line.recv(65536).startswith(b"HTTP/1.1 200")
        return False

    def ping(self) -> bytes:
        return f"GET /ping/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()

    def pings(self) -> Iterator[bytes]:
        """The same without end."""
        return itertools.repeat(self.ping())


def _kept() -> dict[str, str]:
    """This process's environment without what a developer may have set for a server or a database."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(("SHOP_", "PG"))
    }


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The server, for as long as the block lasts."""
    try:
        server.launch()
        server.wait()
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
