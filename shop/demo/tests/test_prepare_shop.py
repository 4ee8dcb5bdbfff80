"""Accounts, demo data and static files that a new shop is prepared with."""

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.staticfiles import finders
from django.core.management import call_command
from pytest_django import Settings

from shop.demo import small as demo
from shop.demo.accounts import get_passwords_path, read_passwords, store_new_passwords
from shop.management.commands import prepare_shop
from shop.models import Customer, Order, Product, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


@pytest.fixture
def static_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces the collecting of static files, which is slow, and records its runs."""
    runs: list[str] = []
    monkeypatch.setattr(prepare_shop, "collect_static", lambda: runs.append("static"))
    return runs


def prepare(**options: Any) -> str:
    out = StringIO()
    call_command("prepare_shop", stdout=out, skip_checks=True, **options)
    return out.getvalue()


@pytest.mark.usefixtures("static_runs")
def test_accounts_are_made_once_in_their_groups(settings: Settings) -> None:
    settings.EMBEDDED = True
    prepare()
    passwords = read_passwords()

    assert list(passwords) == ["clerk", "manager", "admin"]
    assert len(set(passwords.values())) == 3
    for name, password in passwords.items():
        user = authenticate(username=name, password=password)
        assert user is not None
        assert [group.name for group in user.groups.all()] == [name]
        assert (user.is_staff, user.is_superuser) == (name == "admin", False)
    assert stat.S_IMODE(get_passwords_path().stat().st_mode) == 0o600
    assert [path.name for path in get_passwords_path().parent.glob("demo-*")] == ["demo-accounts.json"]


@pytest.mark.usefixtures("static_runs")
def test_accounts_made_before_stay_as_they_are(settings: Settings) -> None:
    settings.EMBEDDED = True
    prepare()
    passwords = read_passwords()
    clerk = User.objects.get(username="clerk")
    clerk.set_password("their own")
    clerk.save()
    before = list(User.objects.order_by("pk").values())

    prepare()

    assert read_passwords() == passwords
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("static_runs")
def test_accounts_come_back_with_their_passwords_in_a_new_database(settings: Settings) -> None:
    settings.EMBEDDED = True
    passwords = store_new_passwords()

    prepare()

    assert read_passwords() == passwords
    assert authenticate(username="clerk", password=passwords["clerk"])


@pytest.mark.usefixtures("static_runs")
def test_an_empty_embedded_shop_is_filled_once(settings: Settings) -> None:
    settings.EMBEDDED = True
    settings.SHOP_PORT = "8765"

    first = prepare()
    orders = set(Order.objects.values_list("pk", "version"))
    second = prepare()

    assert "Filled the empty database" in first
    assert "Filled" not in second
    for said in (first, second):
        assert "http://127.0.0.1:8765" in said
        assert all(f"{name:<8} {word}" in said for name, word in read_passwords().items())
    assert set(Order.objects.values_list("pk", "version")) == orders
    assert User.objects.count() == 3


@pytest.mark.usefixtures("static_runs")
@pytest.mark.parametrize("kind", ["user", "customer"])
def test_an_embedded_shop_in_use_gets_no_demo(kind: str, settings: Settings) -> None:
    settings.EMBEDDED = True
    if kind == "user":
        User.objects.create_user("owner")
    else:
        Customer.objects.create(name="Real", name_key="real")

    prepare()

    assert User.objects.count() + Customer.objects.count() == 1
    assert not Product.objects.exists()


@pytest.mark.usefixtures("static_runs")
def test_a_database_of_its_own_never_gets_demo_data(settings: Settings) -> None:
    settings.EMBEDDED = False

    said = prepare()

    assert demo.is_empty()
    assert not User.objects.exists()
    assert not get_passwords_path().exists()
    assert "createsuperuser" in said


def test_static_files_are_gathered_only_when_they_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, var: Path
) -> None:
    style = var / "source" / "a.css"
    style.parent.mkdir()
    settings.STATICFILES_DIRS = [style.parent]
    settings.STATIC_ROOT.mkdir()
    runs = []
    monkeypatch.setattr(prepare_shop, "call_command", lambda *names, **options: runs.append(names))

    for text in ("red", "green-ish"):
        style.write_text(text)
        for _ in range(2):
            finders.get_finder.cache_clear()  # type: ignore[attr-defined]
            prepare_shop.collect_static()

    assert len(runs) == 2
