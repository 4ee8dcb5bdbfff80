"""Three CockroachDB nodes on loopback: `python -m e2e.faults.cluster start|stop`.

Their stores, logs and process ids are under `var/cockroach`, and only what was started here is
stopped. The cluster is insecure (no certificates, no passwords) and listens on loopback only.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from testing import ROOT

HOME = ROOT / "var" / "cockroach"
PIDS = HOME / "pids.json"
PORTS = (26257, 26258, 26259)
START_SECONDS, STOP_SECONDS = 60, 60


def binary() -> str | None:
    """The `cockroach` on PATH."""
    return shutil.which("cockroach")


def why_unusable() -> str:
    """Returns why shop cannot run on the `cockroach` on PATH; empty when it can."""
    # Imported here: only what asks this needs Django.
    from django_cockroachdb.features import DatabaseFeatures

    path = binary()
    if path is None:
        return "no cockroach"
    done = subprocess.run([path, "version"], capture_output=True, text=True, timeout=START_SECONDS)
    tag = re.search(r"v(\d+)\.(\d+)\.\d+\S*", done.stdout)
    oldest = DatabaseFeatures.minimum_database_version
    if tag and (int(tag[1]), int(tag[2])) >= oldest:
        return ""
    version = tag[0] if tag else "that does not say its version"
    return f"the cockroach on PATH is one {version}: {'.'.join(map(str, oldest))} or later is needed"


def urls() -> list[str]:
    """One URL a node."""
    return [f"cockroach://root@127.0.0.1:{port}/defaultdb?sslmode=disable" for port in PORTS]


def pids() -> list[int]:
    """The process ids of the nodes that were started here, in the order of their ports."""
    return list(json.loads(PIDS.read_text())) if PIDS.exists() else []


def start() -> list[int]:
    """Starts the nodes that do not run and makes them one cluster; returns their process ids."""
    if binary() is None:
        raise SystemExit("There is no cockroach on PATH: install it, or set COCKROACH_URLS.")
    HOME.mkdir(parents=True, exist_ok=True)
    known = dict(zip(PORTS, pids(), strict=False))
    running = [known[port] if is_node(known.get(port)) else _start_node(port) for port in PORTS]
    PIDS.write_text(json.dumps(running))
    _initialize()
    return running


def stop() -> None:
    """Ends the nodes that were started here; each drains first, and is killed when that takes too long."""
    processes = [psutil.Process(pid) for pid in pids() if is_node(pid)]
    # Together: the last node of a cluster cannot drain to any other.
    for process in processes:
        process.send_signal(signal.SIGTERM)
    _, slow = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    for process in slow:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    PIDS.unlink(missing_ok=True)


def is_node(pid: int | None) -> bool:
    """Whether this process is a cockroach. The system gives an id of an ended process to another one."""
    if pid is None:
        return False
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and "cockroach" in Path(process.exe()).name
    return False


def restart(command: list[str], log: Path) -> int:
    """Runs a node again with the command it was started with; returns its process id."""
    kept = [part for part in command if not part.startswith("--background")]
    environment = {
        name: value for name, value in os.environ.items() if name != "COCKROACH_BACKGROUND_RESTART"
    }
    with log.open("ab") as output:
        return subprocess.Popen(
            kept, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        ).pid


def _start_node(port: int) -> int:
    command = [
        binary() or "",
        "start",
        "--insecure",
        f"--store={HOME / str(port)}",
        f"--listen-addr=127.0.0.1:{port}",
        f"--http-addr=127.0.0.1:{port + 1000}",
        f"--join={','.join(f'127.0.0.1:{each}' for each in PORTS)}",
        "--cache=128MiB",
        "--max-sql-memory=128MiB",
    ]
    return restart(command, HOME / f"{port}.log")


def _initialize() -> None:
    """Makes the nodes a cluster; one that is a cluster already says so."""
    deadline = time.monotonic() + START_SECONDS
    command = [binary() or "", "init", "--insecure", f"--host=127.0.0.1:{PORTS[0]}"]
    while True:
        done = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS)
        if done.returncode == 0 or "already been initialized" in done.stderr + done.stdout:
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"The cluster was not made: {done.stderr}\nLogs are in {HOME}.")
        time.sleep(0.5)


def main(arguments: list[str]) -> int:
    if arguments == ["start"]:
        print(f"COCKROACH_PIDS={','.join(map(str, start()))}")
        print(f"COCKROACH_URLS={','.join(urls())}")
        return 0
    if arguments == ["stop"]:
        stop()
        return 0
    print("usage: python -m e2e.faults.cluster start|stop", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
