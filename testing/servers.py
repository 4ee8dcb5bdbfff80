"""The server under test: gunicorn with deploy/gunicorn.conf.py, as `make run` serves shop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil

from testing import ROOT

CONFIGURATION = "deploy/gunicorn.conf.py"
#: What a developer may have set and the server under test must not see, beside SHOP_… and PG….
HIDDEN = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "GUNICORN_CMD_ARGS",
    "SECRET_KEY",
    "TIME_ZONE",
)
START_SECONDS = 30


class Server:
    """A server with data of its own in `var`, on a free port of loopback.

    Without a `database_url` it uses SQLite. `project` is the Django project that it serves: `shop`,
    or one of the bench's; `tree` is the folder that holds it.
    """

    def __init__(
        self,
        var: Path,
        *,
        log: Path | None = None,
        database_url: str = "",
        project: str = "shop",
        tree: Path = ROOT,
    ) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.var = var
        self.log = log or var / f"{project}.log"
        self.database_url = database_url
        self.project = project
        self.tree = tree
        self.port = _find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = self._make_environment()
        #: More of gunicorn's command line.
        self.options: tuple[str, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None

    def _make_environment(self) -> dict[str, str]:
        environment = clean_environment() | {
            "SHOP_VAR": str(self.var),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": f"{self.project}.settings",
        }
        if self.database_url:
            environment |= {
                "DATABASE_URL": self.database_url,
                "SECRET_KEY": "only-for-tests" * 5,
                "ALLOWED_HOSTS": "127.0.0.1",
            }
        return environment

    def manage(self, *arguments: str) -> str:
        """Runs a management command and returns what it printed."""
        return self.run_python("-m", "django", *arguments)

    def run_python(self, *arguments: str, stdin: str = "") -> str:
        """Runs Python with the server's environment and returns what it printed. Raises RuntimeError."""
        done = self.try_python(*arguments, stdin=stdin)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
        return done.stdout

    def try_python(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs Python with the server's environment, also where it may end with an error."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.tree,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        """Serves, and returns when /ping/ is answered; does nothing while it runs."""
        if self._process is None:
            self.launch()
            self.wait()

    def launch(self) -> None:
        """Begins to serve, and returns at once."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "gunicorn", "-c", CONFIGURATION, *self.options]
            self._process = subprocess.Popen(
                [*command, f"{self.project}.wsgi"],
                cwd=self.tree,
                env=self.environment,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the tests, which then stop what they started.
                start_new_session=True,
            )

    def wait(self) -> None:
        """Returns when /ping/ is answered."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                tail = self.log.read_text(errors="replace")[-4000:]
                raise RuntimeError(f"{self.project} did not start:\n{tail}")
            time.sleep(0.005)

    def stop(self) -> None:
        """Ends the server that was started here, and returns when it is gone."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Sends SIGKILL to all its processes."""
        if self._process is None:
            return
        workers = self.workers()
        self._process.send_signal(signal.SIGKILL)
        for worker in workers:
            with suppress(psutil.NoSuchProcess):
                worker.kill()
        self._process.wait()
        self._process = None
        psutil.wait_procs(workers, timeout=10)

    def workers(self) -> list[psutil.Process]:
        """Returns the worker processes that there are now."""
        with suppress(psutil.NoSuchProcess):
            if self._process is not None:
                return psutil.Process(self._process.pid).children()
        return []

    def wait_for_workers(self, count: int, seconds: float = START_SECONDS) -> list[psutil.Process]:
        """Returns the workers when there are so many, or when the time is over."""
        deadline = time.monotonic() + seconds
        while len(workers := self.workers()) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return workers

    def ping_request(self) -> bytes:
        return f"GET /ping/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(self.ping_request())
            return connection.recv(65536).startswith(b"HTTP/1.1 200")
        return False


AnyServer = TypeVar("AnyServer", bound=Server)


@contextmanager
def serve(server: AnyServer) -> Iterator[AnyServer]:
    """Runs the server for as long as the block lasts."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


def clean_environment() -> dict[str, str]:
    """Returns this process's environment without what a developer set for a server or a database."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in HIDDEN and not name.startswith(("SHOP_", "PG"))
    }


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
