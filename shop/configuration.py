"""Reads the environment variables. Each error is one sentence that says what to set.

`settings.py` calls these functions, and those of `configuration.py` in shop/money/ and shop/documents/.
"""

import contextlib
import os
import stat
import tempfile
import zoneinfo
from pathlib import Path
from typing import Any

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from psycopg2.extensions import parse_dsn

ENGINES = {
    "postgresql": "django.db.backends.postgresql",
    "postgres": "django.db.backends.postgresql",
    "cockroach": "django_cockroachdb",
    "cockroachdb": "django_cockroachdb",
}

#: Session settings of every PostgreSQL and CockroachDB connection. The timeouts
#: (milliseconds) lie below the retry budget (shop/db/retries.py), so a stuck
#: statement ends while its request can still be answered.
SESSION_OPTIONS = (
    "-c default_transaction_isolation=serializable"
    " -c statement_timeout=5000"
    " -c idle_in_transaction_session_timeout=5000"
)
#: For PostgreSQL only. Its parallel workers take longer to start than a page may take, and they use the cores
#: that other clerks need. Its default cost of a random page is that of a turning disk: it then reads all
#: customers to join the few that a search found (bench/BEFORE_AFTER.md, "What a random page costs").
POSTGRESQL_OPTIONS = "-c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"

#: Characters of a shop's name, which is in the header of every page.
MAX_SHOP_NAME = 60

#: Seconds that SQLite waits for another writer. Then the retry loop decides.
SQLITE_BUSY_TIMEOUT = 1


def read_flag(name: str, *, default: bool = False) -> bool:
    """Reads a yes/no variable; unset or empty is `default`."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")


def read_debug(*, embedded: bool) -> bool:
    """Reads SHOP_DEBUG. It is refused with DATABASE_URL, because its error pages show data to everybody."""
    if read_flag("SHOP_DEBUG") and not embedded:
        raise ImproperlyConfigured(
            "SHOP_DEBUG=1 shows data to whoever meets an error: unset it where DATABASE_URL is set."
        )
    return read_flag("SHOP_DEBUG")


def make_private(var: Path) -> None:
    """Makes `var` and its files readable by the owner only, whatever the umask was.

    Whoever can read the database can use its sessions. Raises ImproperlyConfigured for a directory that
    others use too, such as /tmp, or that shop cannot write.
    """
    os.umask(0o077)
    with contextlib.suppress(OSError):
        var.mkdir(parents=True, exist_ok=True)
    if not (var.is_dir() and os.access(var, os.W_OK)):
        raise ImproperlyConfigured(f"SHOP_VAR is {var}: give it a directory that shop can make and write.")
    mode = var.stat().st_mode
    if mode & stat.S_ISVTX:
        raise ImproperlyConfigured(
            f"SHOP_VAR is {var}, which others use too: give it a directory of its own inside."
        )
    if var.stat().st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        return  # only its owner can change it
    if mode & 0o077:
        var.chmod(0o700)
    for path in var.iterdir():
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077:
            path.chmod(0o600)


def read_database(url: str, var: Path) -> dict[str, Any]:
    """Returns Django's DATABASES entry for a DATABASE_URL; for an empty one, SQLite under `var`."""
    if not url:
        return _build_sqlite_entry(var / "shop.sqlite3")
    # The URL may hold a password, so no message repeats any of it.
    scheme, _, rest = url.partition("://")
    if scheme not in ENGINES:
        raise ImproperlyConfigured(
            "DATABASE_URL begins with something unknown: use cockroach://… or postgresql://…, "
            "or leave it unset for SQLite."
        )
    try:
        # libpq's own parser knows several hosts, ports and every connection option.
        parts = parse_dsn(f"postgresql://{rest}")
    except psycopg2.ProgrammingError:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: write cockroach://user:password@host:26257/database?sslmode=…, "
            "with the password's special characters percent-encoded."
        ) from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured(
            "DATABASE_URL names no database: end its path with one, as in cockroach://shop@db1:26257/bank."
        )
    return _build_server_entry(ENGINES[scheme], parts)


def _build_sqlite_entry(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": SQLITE_BUSY_TIMEOUT,
            "transaction_mode": "IMMEDIATE",
            # Sorting and statement journals stay in memory; 16 MB of pages are kept by each thread.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;",
        },
        # A file, so that all threads of a test use the same database.
        "TEST": {"NAME": path.parent / "test.sqlite3"},
    }


def _build_server_entry(engine: str, parts: dict[str, str]) -> dict[str, Any]:
    options = {
        "connect_timeout": "2",
        "keepalives_idle": "10",
        "keepalives_interval": "3",
        "keepalives_count": "3",
        "tcp_user_timeout": "9000",
        "application_name": "shop",
    } | {key: value for key, value in parts.items() if key not in _DJANGO_KEYS}
    session = [SESSION_OPTIONS, parts.get("options", "")]
    if engine == ENGINES["postgresql"]:
        session.insert(1, POSTGRESQL_OPTIONS)
    options["options"] = " ".join(filter(None, session))
    return {
        "ENGINE": engine,
        **{_DJANGO_KEYS[key]: value for key, value in parts.items() if key in _DJANGO_KEYS},
        "CONN_MAX_AGE": 600,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


_DJANGO_KEYS = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def get_secret_key(var: Path, *, embedded: bool) -> str:
    """Returns SECRET_KEY. With the embedded database the first start makes one and stores it under `var`."""
    key = os.environ.get("SECRET_KEY", "")
    if 0 < len(key) < 32:
        raise ImproperlyConfigured("SECRET_KEY is too short: give it at least 32 random characters.")
    if key:
        return key
    if not embedded:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set: with DATABASE_URL every server needs the same long random one."
        )
    path = var / "secret_key"
    if not path.exists():
        # mkstemp makes a file that only its owner can read. The link fails where another process was first.
        handle, temporary = tempfile.mkstemp(dir=var)
        with open(handle, "w") as new:
            new.write(get_random_secret_key())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        Path(temporary).unlink()
    return path.read_text()


def read_allowed_hosts(*, embedded: bool) -> list[str]:
    """Reads ALLOWED_HOSTS, comma separated; unset, the embedded database allows the loopback names."""
    hosts = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    if hosts:
        return hosts
    if embedded:
        return ["127.0.0.1", "localhost", "[::1]"]
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set: give the names that shop is served under, separated by commas."
    )


def read_shop_name() -> str:
    """Reads SHOP_NAME, which titles, the sign-in page and printed orders show."""
    name = os.environ.get("SHOP_NAME", "").strip()
    advice = f"set at most {MAX_SHOP_NAME} characters, none of them invisible."
    if len(name) > MAX_SHOP_NAME:
        raise ImproperlyConfigured(f"SHOP_NAME is {len(name)} characters long: {advice}")
    # This refuses line ends and characters that change the direction of the text.
    if not name.isprintable():
        raise ImproperlyConfigured(f"SHOP_NAME is {name!r}: {advice}")
    return name or "shop"


def read_time_zone() -> str:
    """Reads TIME_ZONE, an IANA name. Days in lists and reports begin at its midnight."""
    name = os.environ.get("TIME_ZONE", "UTC").strip()
    if name not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(f"TIME_ZONE is {name!r}: set an IANA name such as Europe/Berlin.")
    return name


def read_idle_minutes() -> int:
    """Reads SHOP_IDLE_MINUTES, after which an unused session ends. The default is ten hours."""
    return _read_number("SHOP_IDLE_MINUTES", "600", range(5, 20161), "number of minutes")


def read_port() -> int:
    """Reads PORT, on which the server listens."""
    return _read_number("PORT", "8000", range(1, 65536), "number")


def _read_number(name: str, default: str, allowed: range, noun: str) -> int:
    text = os.environ.get(name, "").strip() or default
    if not (text.isascii() and text.isdigit() and int(text[:9]) in allowed):
        raise ImproperlyConfigured(f"{name} is {text!r}: set a {noun} from {allowed[0]} to {allowed[-1]}.")
    return int(text)


def read_trusted_origins() -> list[str]:
    """Reads CSRF_TRUSTED_ORIGINS, comma separated, for a proxy that ends TLS."""
    origins = [part.strip() for part in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if part.strip()]
    for origin in origins:
        if "://" not in origin:
            raise ImproperlyConfigured(
                f"CSRF_TRUSTED_ORIGINS holds {origin!r}: begin each with its scheme, as in https://desk.example."
            )
    return origins
