"""What modules may call, where import-linter cannot see it: an allow-list of calls to the database."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, MethodType

import pytest
from django.db import models

from shop.models import Order, User

SHOP = Path(__file__).parent.parent

#: What services, and what lies below them, must not know: the web.
WEB = ("django.http", "django.template", "django.shortcuts", "django.views", "django.forms", "django_htmx")
#: The modules, and the packages of modules, that answer requests.
VIEWS = {"views", "api", "api_bodies", "quote_api", "web"}
ADMIN = {
    "admin",
    "admin_forms",
    "admin_idempotency_keys",
    "admin_lookups",
    "admin_roles",
    "admin_sign_ins",
    "admin_site",
    "filters",
    "read_only_admin",
    "stock_admin",
}
FORMS = {"forms", "admin_forms"}
#: What else stands above services: commands, template tags, and sessions, which Django hands the request.
HALL = {"management", "templatetags", "tags", "sessions"}

METHODS = (FunctionType, MethodType)
MANAGERS = {"objects", "_default_manager", "_base_manager"}
#: Everything that Django's managers, QuerySets, relations and model instances can do.
DJANGO = {
    name
    for kind in (models.QuerySet, models.Manager, models.Model, Order(pk=1).events, User(pk=1).groups)
    for name in dir(kind)
    if not name.startswith("_") and isinstance(getattr(kind, name, None), METHODS)
}
#: What of it a view may call. It reads through QuerySet methods of ours, so it builds no conditions.
READS = {"all", "count", "exists", "first", "in_bulk", "order_by", "prefetch_related", "select_related"}
#: Admin pages and filters also build conditions: Django's admin asks for QuerySets.
CONDITIONS = {"distinct", "exclude", "filter", "get", "get_queryset", "none", "values_list"}
#: Names that dicts, forms and checks have too; on a manager they count as Django's.
COMMON = {"check", "clean", "full_clean", "get", "reverse", "values"}
#: Doors to transactions and to SQL.
TRANSACTIONS = {"atomic", "commit", "rollback", "set_autocommit", "set_rollback", "savepoint", "transaction"}
SQL = {"callproc", "cursor", "execute", "executemany", "RawSQL"}

#: What is allowed beyond that, in one module each.
EXCEPTIONS = {
    "api/fields.py: serializable_value": "a value that the row holds already; nothing is read",
    "staff/admin_forms.py: filter": "a field that offers users; it queries when it is drawn",
    "web/health.py: cursor": "asks whether the database answers",
    "web/health.py: execute": "asks whether the database answers",
    "web/health.py: remove": "a selector of sockets, no relation",
    "web/request_id.py: set": "a context variable, no relation",
}


@cache
def program() -> list[Path]:
    """Returns every module that runs; tests may do as they like."""
    return [path for path in sorted(SHOP.rglob("*.py")) if not {"tests", "migrations"} & set(path.parts)]


def modules(roles: set[str]) -> list[Path]:
    """Returns the modules of these names, and those in packages of these names."""
    return [path for path in program() if roles & {path.stem, *path.relative_to(SHOP).parts[:-1]}]


def short(path: Path) -> str:
    return str(path.relative_to(SHOP))


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def our_reads() -> set[str]:
    """Returns the public methods of our QuerySet classes, without those that lock rows."""
    classes = [
        node
        for path in program()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith("QuerySet")
    ]
    methods = [node for kind in classes for node in kind.body if isinstance(node, ast.FunctionDef)]
    locks = {node.name for node in methods if "select_for_update" in ast.unparse(node)}
    return {node.name for node in methods if not node.name.startswith("_")} - locks - DJANGO


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Yields every module, and every name from a module, that is imported, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_on_manager(node: ast.expr) -> bool:
    """Whether an expression starts at a manager: `Order.objects`, `Order.objects.all()[0]` …"""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def database_calls(tree: ast.AST, allowed: set[str]) -> set[str]:
    """Returns what a module uses of the database and is not `allowed`, called or passed on."""
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (is_on_manager(node.value) or node.attr in (DJANGO - COMMON) | TRANSACTIONS | SQL)
    }
    imports = {name.rpartition(".")[2] for name in imported_names(tree) if name.startswith("django.db")}
    return (names | (imports & (TRANSACTIONS | SQL))) - allowed


def violations(path: Path, allowed: set[str]) -> set[str]:
    calls = database_calls(parse(path), allowed)
    return {f"{short(path)}: {name}" for name in calls} - EXCEPTIONS.keys()


@pytest.mark.parametrize("path", [path for path in modules(VIEWS) if path not in modules(ADMIN)], ids=short)
def test_views_read_through_our_querysets_and_write_through_services(path: Path) -> None:
    assert violations(path, READS | our_reads()) == set()


@pytest.mark.parametrize("path", modules(ADMIN), ids=short)
def test_admin_pages_and_filters_read_and_write_through_services(path: Path) -> None:
    assert violations(path, READS | CONDITIONS | our_reads()) == set()


@pytest.mark.parametrize("path", modules(FORMS), ids=short)
def test_forms_neither_query_nor_save(path: Path) -> None:
    assert violations(path, set()) == set()


def below_requests() -> list[Path]:
    """Returns the modules of features that answer no requests: services and what they call."""
    others = modules(VIEWS | ADMIN | FORMS | HALL)
    return [path for path in program() if path.parent != SHOP and path not in others]


@pytest.mark.parametrize("path", below_requests(), ids=short)
def test_services_know_nothing_of_the_web(path: Path) -> None:
    assert [name for name in imported_names(parse(path)) if name.startswith(WEB)] == []


def opens_transactions(tree: ast.AST) -> bool:
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = {
        name.removeprefix("django.db.") for name in imported_names(tree) if name.startswith("django.db.")
    }
    return bool((names | {part for name in imports for part in name.split(".")}) & TRANSACTIONS)


def test_only_the_retry_loop_opens_transactions() -> None:
    assert [short(path) for path in program() if opens_transactions(parse(path))] == ["db/transactions.py"]


def test_each_exception_is_in_use() -> None:
    allowed = READS | our_reads()
    used = {f"{short(path)}: {name}" for path in program() for name in database_calls(parse(path), allowed)}

    assert EXCEPTIONS.keys() - used == set()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("create", "Order.objects.create(note='x')"),
        ("create", "orders = Order.objects.for_list()\norders.create()"),
        ("delete", "order.delete()"),
        ("delete", "Order.objects.for_list()[:10].delete()"),
        ("update", "Order.objects.all().update(note='x')"),
        ("update", "update = rows.update"),
        ("aupdate", "await rows.aupdate(note='x')"),
        ("save", "order.save(update_fields=['note'])"),
        ("save", "map(Order.save, orders)"),
        ("bulk_create", "OrderLine.objects.bulk_create(lines)"),
        ("get_or_create", "Customer.objects.get_or_create(name='x')"),
        ("select_for_update", "Order.objects.select_for_update().first()"),
        ("create", "order.lines.create(product=product)"),
        ("add", "user.groups.add(role)"),
        ("set", "user.groups.set(roles)"),
        ("locked", "Order.objects.locked()"),
        ("raw", "Order.objects.raw('SELECT 1')"),
        ("get", "Order.objects.get(pk=1)"),
        ("values", "Order._default_manager.values('pk')"),
        ("remove_all", "Order.objects.remove_all()"),
        ("filter", "rows = Order.objects.all()\nrows = rows.filter(pk=1)"),
        ("execute", "cursor.execute('DELETE FROM shop_order')"),
        ("cursor", "with connection.cursor() as rows: pass"),
        ("transaction", "from django.db import transaction"),
        ("atomic", "from django.db.transaction import atomic"),
        ("atomic", "import django.db\nwith django.db.transaction.atomic(): pass"),
    ],
)
def test_a_planted_violation_is_seen(name: str, source: str) -> None:
    assert name in database_calls(ast.parse(source), READS | our_reads())


@pytest.mark.parametrize(
    "source",
    [
        "Order.objects.for_list().in_bulk(references)",
        "get_object_or_404(Order.objects.for_list().select_related('customer'), reference=reference)",
        "request.GET.get('q')",
        "form.errors.values()",
    ],
)
def test_a_permitted_read_is_let_through(source: str) -> None:
    assert database_calls(ast.parse(source), READS | our_reads()) == set()


@pytest.mark.parametrize(
    "source",
    [
        "from django.db import transaction",
        "from django.db.transaction import atomic",
        "connection.set_autocommit(0)",
    ],
)
def test_a_planted_transaction_is_seen(source: str) -> None:
    assert opens_transactions(ast.parse(source))
