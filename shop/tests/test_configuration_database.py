"""DATABASE_URL: which database it chooses, and what a wrong one says."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import configuration

COCKROACH = (
    "cockroach://shop:s3cret@db1:26257,db2:26257,db3:26257/bank"
    "?sslmode=verify-full&sslrootcert=/certs/ca.crt&sslcert=/certs/shop.crt&sslkey=/certs/shop.key"
)


def database(url: str) -> dict[str, Any]:
    return configuration.read_database(url, Path("/nowhere"))


def test_without_a_url_the_database_is_a_sqlite_file(tmp_path: Path) -> None:
    entry = configuration.read_database("", tmp_path / "var")

    assert entry["ENGINE"] == "django.db.backends.sqlite3"
    assert entry["NAME"] == tmp_path / "var" / "shop.sqlite3"
    assert (tmp_path / "var").is_dir()
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]
    assert entry["OPTIONS"]["timeout"] > 0


@pytest.mark.parametrize(
    ("scheme", "engine"),
    [
        ("postgresql", "django.db.backends.postgresql"),
        ("postgres", "django.db.backends.postgresql"),
        ("cockroach", "django_cockroachdb"),
        ("cockroachdb", "django_cockroachdb"),
    ],
)
def test_the_scheme_chooses_the_engine(scheme: str, engine: str) -> None:
    entry = database(f"{scheme}://shop:s3cret@db:5433/desk")

    assert entry["ENGINE"] == engine
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"]) == ("desk", "shop", "s3cret")
    assert (entry["HOST"], entry["PORT"]) == ("db", "5433")


def test_a_cluster_has_several_hosts_and_certificates() -> None:
    entry = database(COCKROACH)

    assert entry["HOST"] == "db1,db2,db3"
    assert entry["PORT"] == "26257,26257,26257"
    assert {key: entry["OPTIONS"][key] for key in ("sslmode", "sslrootcert", "sslcert", "sslkey")} == {
        "sslmode": "verify-full",
        "sslrootcert": "/certs/ca.crt",
        "sslcert": "/certs/shop.crt",
        "sslkey": "/certs/shop.key",
    }


def test_a_unix_socket_is_a_host_in_the_query() -> None:
    entry = database("postgresql://postgres@/shop?host=/run/postgresql")

    assert (entry["HOST"], entry["NAME"], entry["USER"]) == ("/run/postgresql", "shop", "postgres")


def test_a_password_may_be_percent_encoded() -> None:
    assert database("postgresql://shop:p%40ss%2Fword@db/desk")["PASSWORD"] == "p@ss/word"


def test_connections_of_a_server_persist_are_checked_and_serializable() -> None:
    entry = database("postgresql://db/desk")

    assert entry["CONN_MAX_AGE"] > 0
    assert "default_transaction_isolation=serializable" in entry["OPTIONS"]["options"]


@pytest.mark.parametrize("setting", ["max_parallel_workers_per_gather=0", "random_page_cost=1.1"])
def test_only_postgresql_gets_settings_that_a_cluster_does_not_know(setting: str) -> None:
    options = {
        scheme: database(f"{scheme}://db/desk")["OPTIONS"]["options"] for scheme in configuration.ENGINES
    }

    asked = {scheme for scheme, said in options.items() if setting in said.split()}
    assert asked == {"postgres", "postgresql"}


def test_the_url_may_change_connection_options() -> None:
    entry = database("postgresql://db/desk?connect_timeout=9&options=-c%20work_mem%3D8MB")

    assert entry["OPTIONS"]["connect_timeout"] == "9"
    assert entry["OPTIONS"]["options"].endswith("-c work_mem=8MB")
    assert "default_transaction_isolation=serializable" in entry["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://db/desk", "use cockroach://… or postgresql://…"),
        ("db.example:26257", "use cockroach://… or postgresql://…"),
        ("cockroach://shop@db1:26257", "names no database"),
        ("cockroach://shop@db1:26257/", "names no database"),
        ("postgresql://db/desk?sslmod=require", "cannot be read"),
        ("postgresql://[db/desk", "cannot be read"),
    ],
)
def test_a_wrong_url_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^DATABASE_URL.*{sentence}"):
        database(url)
