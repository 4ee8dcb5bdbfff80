"""Demo data and accounts, and the command that gets a fresh desk ready."""

import stat
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db.models import F, Sum
from django.utils import timezone
from pytest_django import Settings

from shop.db.errors import InvalidFields, ShopError
from shop.demo import small as demo
from shop.demo.accounts import ensure_demo_accounts, passwords_file
from shop.management.commands import prepare_desk
from shop.models import Customer, CustomerTerm, Order, OrderEvent, OrderLine, Product, StockMovement, User
from shop.products import services as products
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


@pytest.fixture
def static_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for what gathers static files, which takes its time."""
    runs: list[str] = []
    monkeypatch.setattr(prepare_desk, "collect_static", lambda: runs.append("static"))
    return runs


def load(**options: Any) -> demo.Loaded:
    return demo.load_demo(now=timezone.now(), **options)


def prepare(**options: Any) -> str:
    out = StringIO()
    call_command("prepare_desk", stdout=out, skip_checks=True, **options)
    return out.getvalue()


def check_stock() -> None:
    """Stock is the sum of its movements and never was below zero on the way."""
    for product in Product.objects.all():
        running = 0
        for movement in product.movements.order_by("created_at", "pk"):
            running += movement.quantity
            assert running >= 0, product
        assert (product.stock or 0) == running, product
        assert product.tracked or not product.movements.exists()


def check_sold() -> None:
    """What sold orders took from stock is what stands on their lines; cancelled ones took nothing."""
    for order in Order.objects.prefetch_related("lines__product"):
        wanted = Counter[int]()
        if order.status in (Order.Status.PLACED, Order.Status.FULFILLED):
            for line in order.lines.all():
                if line.product.tracked:
                    wanted[line.product_id] += line.quantity
        moved = order.movements.order_by().values("product").annotate(sum=Sum("quantity"))
        assert {row["product"]: -row["sum"] for row in moved if row["sum"]} == wanted
        assert order.subtotal == sum(line.total for line in order.lines.all())


def test_the_demo_fills_a_desk() -> None:
    load()

    statuses = Counter(Order.objects.values_list("status", flat=True))
    assert (Product.objects.count(), Customer.objects.count(), Order.objects.count()) == (40, 30, 60)
    assert set(statuses) == set(Order.Status)
    assert Product.objects.filter(stock=None).exists()
    assert Product.objects.filter(stock=0).count() == 1
    assert 3 <= Product.objects.low_stock().count() <= 8
    assert Product.objects.exclude(barcode=None).count() > 20
    assert Order.objects.open_drafts().count() == demo.DRAFTS
    assert Order.objects.filter(parked_at__isnull=False).count() == 1
    assert Customer.objects.search("agnes")[0].name == "Agnès Lefèvre"
    assert all(c.phone.startswith("555-01") for c in Customer.objects.all())


def test_stock_and_subtotals_of_the_demo_add_up() -> None:
    load()

    check_stock()
    check_sold()
    assert OrderLine.objects.filter(order__status="cancelled").exists()
    assert StockMovement.objects.filter(reason="returned").exists()


def test_orders_of_the_demo_lie_in_the_last_two_weeks_and_not_ahead() -> None:
    now = timezone.now()
    demo.load_demo(now=now)

    today = timezone.localtime(now).date()
    days = {timezone.localtime(at).date() for at in Order.objects.values_list("dated_at", flat=True)}
    assert days == {today - timedelta(days=ago) for ago in range(15)}
    assert not Order.objects.filter(dated_at__gt=now).exists()
    assert not OrderEvent.objects.filter(created_at__gt=now).exclude(order__status="draft").exists()
    assert not OrderEvent.objects.filter(created_at__lt=F("order__dated_at")).exists()
    assert not StockMovement.objects.filter(created_at__gt=now).exists()


def contents() -> list[Any]:
    return list(
        Order.objects.order_by("dated_at", "lines__position").values_list(
            "dated_at", "status", "customer__name", "subtotal", "lines__product__sku", "lines__quantity"
        )
    )


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)])
def test_the_same_seed_makes_the_same_data(seed: int, same: bool) -> None:
    now = timezone.now()
    demo.load_demo(now=now)
    first = contents()
    StockMovement.objects.all().delete()
    for model in (Order, Product, Customer):
        model.objects.all().delete()

    demo.load_demo(now=now, seed=seed)

    assert (contents() == first) is same


def test_a_desk_in_use_is_refused_and_left_alone() -> None:
    Customer.objects.create(name="Real", name_key="real")

    with raises_worded(ShopError, "has customers"):
        load()
    with pytest.raises(CommandError, match="--force"):
        call_command("load_demo")

    assert (Product.objects.count(), Customer.objects.count()) == (0, 1)


def test_force_adds_to_what_is_there_and_stock_still_adds_up() -> None:
    load()
    load(force=True, seed=2)

    assert (Product.objects.count(), Order.objects.count()) == (40, 120)
    for product in Product.objects.exclude(stock=None):
        assert product.stock == product.movements.aggregate(sum=Sum("quantity"))["sum"] or 0
    check_sold()


def test_a_refusal_half_way_leaves_nothing() -> None:
    products.create_product(sku="KET-150", name="Theirs", unit_price=Decimal(1), once=None, staff_id=None)
    Product.objects.update(active=False)

    with pytest.raises(InvalidFields):
        load(force=True)

    assert (Product.objects.count(), Customer.objects.count(), Order.objects.count()) == (1, 0, 0)
    assert not CustomerTerm.objects.exists()


def test_orders_are_those_of_the_staff_that_is_there() -> None:
    ensure_demo_accounts()
    call_command("load_demo", stdout=StringIO())

    authors = set(Order.objects.exclude(placed_by=None).values_list("placed_by__username", flat=True))
    assert authors == {"clerk", "manager", "admin"}
    assert User.objects.count() == 3


def test_accounts_are_made_once_in_their_groups() -> None:
    passwords = ensure_demo_accounts()

    assert list(passwords) == ["clerk", "manager", "admin"]
    assert len(set(passwords.values())) == 3
    for name, password in passwords.items():
        user = authenticate(username=name, password=password)
        assert user is not None
        assert [group.name for group in user.groups.all()] == [name]
        assert (user.is_staff, user.is_superuser) == (name == "admin", False)
    assert stat.S_IMODE(passwords_file().stat().st_mode) == 0o600
    assert [path.name for path in passwords_file().parent.iterdir()] == ["demo-accounts.json"]


def test_accounts_made_before_stay_as_they_are() -> None:
    passwords = ensure_demo_accounts()
    clerk = User.objects.get(username="clerk")
    clerk.set_password("their own")
    clerk.save()
    User.objects.get(username="manager").delete()
    before = list(User.objects.order_by("pk").values())

    assert ensure_demo_accounts() == passwords
    assert list(User.objects.order_by("pk").values()) == before


def test_accounts_come_back_with_their_passwords_in_a_new_database() -> None:
    passwords = ensure_demo_accounts()
    User.objects.all().delete()

    assert ensure_demo_accounts() == passwords
    assert authenticate(username="clerk", password=passwords["clerk"])


def test_an_account_of_somebody_else_keeps_its_password() -> None:
    User.objects.create_user("admin", password="theirs")

    assert list(ensure_demo_accounts()) == ["clerk", "manager"]
    assert authenticate(username="admin", password="theirs")


@pytest.mark.usefixtures("static_runs")
def test_an_empty_embedded_desk_is_filled_once(settings: Settings) -> None:
    settings.EMBEDDED = True
    settings.SHOP_PORT = "8765"

    first = prepare()
    orders = set(Order.objects.values_list("pk", "version"))
    second = prepare()

    assert "Filled the empty database" in first
    assert "Filled" not in second
    for said in (first, second):
        assert "http://127.0.0.1:8765" in said
        assert all(f"{name:<8} {word}" in said for name, word in ensure_demo_accounts().items())
    assert set(Order.objects.values_list("pk", "version")) == orders
    assert User.objects.count() == 3


@pytest.mark.usefixtures("static_runs")
@pytest.mark.parametrize("made", ["user", "customer"])
def test_an_embedded_desk_in_use_gets_no_demo(made: str, settings: Settings) -> None:
    settings.EMBEDDED = True
    if made == "user":
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
    assert not passwords_file().exists()
    assert "createsuperuser" in said


def test_static_files_are_gathered_only_when_they_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, var: Path
) -> None:
    style = var / "source" / "a.css"
    style.parent.mkdir()
    settings.STATICFILES_DIRS = [style.parent]
    settings.STATIC_ROOT.mkdir()
    runs = []
    monkeypatch.setattr(prepare_desk, "call_command", lambda *names, **options: runs.append(names))

    for text in ("red", "green-ish"):
        style.write_text(text)
        for _ in range(2):
            finders.get_finder.cache_clear()  # type: ignore[attr-defined]
            prepare_desk.collect_static()

    assert len(runs) == 2
