"""The server under test: gunicorn, hashed static files and SQLite, as `make run` serves them."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What a developer may have set and the server under test must not see.
OURS = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "GUNICORN_CMD_ARGS",
    "SECRET_KEY",
    "SHOP_API_ANONYMOUS",
    "SHOP_CURRENCY",
    "SHOP_DEBUG",
    "SHOP_HTTPS",
    "TIME_ZONE",
)
START_SECONDS = 30


class Server:
    """A desk of its own: its data live in `var`, its port is a free one of this machine."""

    def __init__(self, var: Path, *, log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = kept | {
            "SHOP_VAR": str(var),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> str:
        """Runs a management command and returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Serves, and returns when the first page is answered; does nothing while it runs."""
        if self._process is not None:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "shop.wsgi"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._wait_until_served()

    def stop(self) -> None:
        """Ends the server that was started here, and returns when it is gone."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait_until_served(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in/", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"The server did not start:\n{self.log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
