"""Settings of the environment but DATABASE_URL: what each does, its default, and what a wrong one says."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shop import configuration


@pytest.mark.parametrize(("set_to", "minutes"), [(None, 600), ("", 600), ("30", 30), ("20160", 20160)])
def test_a_session_ends_after_ten_hours_or_what_is_set(
    set_to: str | None, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_IDLE_MINUTES", raising=False)
    if set_to is not None:
        monkeypatch.setenv("SHOP_IDLE_MINUTES", set_to)

    assert configuration.read_idle_minutes() == minutes


@pytest.mark.parametrize("set_to", ["4", "20161", "-5", "ten", "1e2", "9" * 5000, "٣٠"])
def test_an_idle_time_that_makes_no_sense_is_refused(set_to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_IDLE_MINUTES", set_to)

    with pytest.raises(ImproperlyConfigured, match="set a number of minutes from 5 to 20160"):
        configuration.read_idle_minutes()


# SECRET_KEY


def test_a_secret_key_is_made_once_and_kept_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first = configuration.get_secret_key(tmp_path, embedded=True)

    assert len(first) >= 50
    assert configuration.get_secret_key(tmp_path, embedded=True) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_given_secret_key_is_used_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given" * 10)

    assert configuration.get_secret_key(tmp_path, embedded=True) == "given" * 10
    assert configuration.get_secret_key(tmp_path, embedded=False) == "given" * 10
    assert list(tmp_path.iterdir()) == []


def test_a_server_database_needs_a_secret_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is not set"):
        configuration.get_secret_key(tmp_path, embedded=False)
    assert list(tmp_path.iterdir()) == []


# SHOP_VAR


def modes(directory: Path) -> dict[str, str]:
    """The rights of a directory and of what is in it, as chmod takes them."""
    return {path.name: oct(path.stat().st_mode & 0o777) for path in (directory, *directory.iterdir())}


def test_the_database_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    var = tmp_path / "var"
    wide = "import os, sys; os.umask(0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    environment = {"PATH": os.environ["PATH"], "SHOP_VAR": str(var)}
    command = [sys.executable, "-c", wide, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)

    assert modes(var) == {"var": "0o700", "secret_key": "0o600", "shop.sqlite3": "0o600"}


def test_what_was_readable_before_is_no_longer(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite3").touch(0o644)
    tmp_path.chmod(0o755)
    assert ask_settings("settings.DEBUG", SHOP_VAR=str(tmp_path)).returncode == 0

    assert set(modes(tmp_path).values()) == {"0o700", "0o600"}
    assert modes(tmp_path)[tmp_path.name] == "0o700"


# ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " desk.example , 10.0.0.5,")

    assert configuration.read_allowed_hosts(embedded=False) == ["desk.example", "10.0.0.5"]


def test_without_hosts_an_embedded_shop_answers_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)

    assert configuration.read_allowed_hosts(embedded=True) == ["127.0.0.1", "localhost", "[::1]"]


def test_a_server_database_needs_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " , ")

    with pytest.raises(ImproperlyConfigured, match=r"^ALLOWED_HOSTS is not set"):
        configuration.read_allowed_hosts(embedded=False)


def test_trusted_origins_begin_with_their_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", "https://desk.example, https://b.example")
    assert configuration.read_trusted_origins() == ["https://desk.example", "https://b.example"]

    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", "desk.example")
    with pytest.raises(ImproperlyConfigured, match=r"^CSRF_TRUSTED_ORIGINS holds 'desk\.example'"):
        configuration.read_trusted_origins()


# Flags, time zone


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        *((value, True) for value in ("1", "true", "YES", " on ")),
        *((value, False) for value in ("", "0", "False", "no", "off")),
    ],
)
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    monkeypatch.setenv("SHOP_API_ANONYMOUS", value)

    assert configuration.read_flag("SHOP_API_ANONYMOUS") is meaning


def test_a_flag_is_no_when_unset_and_refused_when_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_DEBUG", raising=False)
    assert configuration.read_flag("SHOP_DEBUG") is False

    monkeypatch.setenv("SHOP_DEBUG", "maybe")
    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_DEBUG is 'maybe'"):
        configuration.read_flag("SHOP_DEBUG")


def test_the_time_zone_is_an_iana_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIME_ZONE", raising=False)
    assert configuration.read_time_zone() == "UTC"

    monkeypatch.setenv("TIME_ZONE", "Europe/Berlin")
    assert configuration.read_time_zone() == "Europe/Berlin"

    monkeypatch.setenv("TIME_ZONE", "Middle/Earth")
    with pytest.raises(ImproperlyConfigured, match=r"^TIME_ZONE is 'Middle/Earth'"):
        configuration.read_time_zone()


# The settings as a whole, in a process of their own


def ask_settings(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; print({expression})"],
        env=keep | {"DJANGO_SETTINGS_MODULE": "shop.settings"} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_out_of_the_box_the_settings_are_safe(tmp_path: Path) -> None:
    asked = ask_settings(
        "settings.DEBUG, settings.SHOP_API_ANONYMOUS, settings.EMBEDDED, settings.ALLOWED_HOSTS",
        SHOP_VAR=str(tmp_path),
    )

    assert asked.stdout.strip() == "False False True ['127.0.0.1', 'localhost', '[::1]']"
    assert (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://db/desk"}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": "postgresql://db/desk", "SECRET_KEY": "x" * 32}, "ALLOWED_HOSTS is not set"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY is too short: give it at least 32"),
        (
            {"DATABASE_URL": "postgresql://db/desk", "SECRET_KEY": "x" * 32, "SHOP_DEBUG": "1"},
            "unset it where DATABASE_URL is set",
        ),
        ({"SHOP_VAR": "/tmp"}, "SHOP_VAR is /tmp, which others use too"),
        ({"SHOP_VAR": "/dev/null/var"}, "SHOP_VAR is /dev/null/var: give it a directory"),
        ({"PORT": "70000"}, "PORT is '70000': set a number from 1 to 65535."),
        ({"DATABASE_URL": "oracle://db/desk"}, "DATABASE_URL begins with something unknown"),
        ({"SHOP_DEBUG": "perhaps"}, "SHOP_DEBUG is 'perhaps'"),
        ({"SHOP_API_ANONYMOUS": "perhaps"}, "SHOP_API_ANONYMOUS is 'perhaps'"),
        ({"SHOP_CURRENCY": "XXY"}, "SHOP_CURRENCY is 'XXY'"),
        ({"SHOP_NAME": "x" * 61}, "SHOP_NAME is 61 characters long"),
        ({"TIME_ZONE": "Nowhere"}, "TIME_ZONE is 'Nowhere'"),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, environment: dict[str, str], sentence: str) -> None:
    asked = ask_settings("settings.DEBUG", **{"SHOP_VAR": str(tmp_path)} | environment)

    assert asked.returncode != 0
    assert sentence in asked.stderr.splitlines()[-1]


def test_a_wrong_setting_is_told_in_one_sentence(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "SHOP_VAR": str(tmp_path), "SHOP_CURRENCY": "XXY"}
    for command in (["manage.py", "check"], ["-c", "import shop.wsgi"]):
        ran = subprocess.run(
            [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
        )

        assert ran.returncode == 1
        assert ran.stderr.strip() == (
            "shop cannot start. SHOP_CURRENCY is 'XXY': set an ISO 4217 code such as USD or EUR."
        )


def test_a_password_is_never_repeated(tmp_path: Path) -> None:
    for url in ("postgresql://u:pa%zz@h/d", "secret-without-scheme"):
        with pytest.raises(ImproperlyConfigured) as refused:
            configuration.read_database(url, tmp_path)

        assert "pa%zz" not in str(refused.value)
        assert "zz" not in str(refused.value)
        assert "secret" not in str(refused.value)
