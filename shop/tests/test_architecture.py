"""Who may call whom, where import-linter cannot see it: names inside packages and calls."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SHOP = Path(__file__).parent.parent

#: What services, and what lies below them, must not know: the web.
WEB = ("django.http", "django.template", "django.shortcuts", "django.views", "django.forms", "django_htmx")


def sources(*names: str) -> list[Path]:
    """The modules called `names` in shop/, or all modules of the packages called so."""
    found = [
        path
        for name in names
        for path in (sorted((SHOP / name).rglob("*.py")) or [SHOP / f"{name}.py"])
        if path.exists()
    ]
    assert found
    return found


def imports(path: Path) -> Iterator[str]:
    """Every module, and every name from a module, that `path` imports, dotted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(path: Path) -> Iterator[tuple[str, int]]:
    """The last name of everything that is called or decorates, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        calls = [node.func] if isinstance(node, ast.Call) else getattr(node, "decorator_list", [])
        for function in calls:
            if isinstance(function, ast.Attribute | ast.Name):
                yield getattr(function, "attr", None) or function.id, function.lineno  # type: ignore[union-attr]


def program() -> list[Path]:
    """Everything that runs; tests may do as they like."""
    return [path for path in SHOP.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]


def short(path: Path) -> str:
    return str(path.relative_to(SHOP))


@pytest.mark.parametrize("path", sources("views", "api"), ids=short)
def test_views_neither_query_nor_write(path: Path) -> None:
    forbidden = {"save", "filter", "bulk_create", "bulk_update", "atomic"}

    assert [f"{short(path)}:{line} {name}" for name, line in called(path) if name in forbidden] == []


@pytest.mark.parametrize("path", sources("forms"), ids=short)
def test_forms_never_save(path: Path) -> None:
    forbidden = {"save", "create", "delete", "bulk_create", "bulk_update", "atomic"}

    assert [f"{short(path)}:{line} {name}" for name, line in called(path) if name in forbidden] == []


def test_only_the_retry_loop_opens_transactions() -> None:
    def opens(path: Path) -> bool:
        return "atomic" in {name for name, _ in called(path)} or any(
            name.startswith("django.db.transaction") for name in imports(path)
        )

    assert [path.name for path in program() if opens(path)] == ["transactions.py"]


@pytest.mark.parametrize(
    "path", sources("services", "transactions", "models", "queries", "errors"), ids=short
)
def test_services_know_nothing_of_the_web(path: Path) -> None:
    assert [name for name in imports(path) if name.startswith(WEB)] == []
