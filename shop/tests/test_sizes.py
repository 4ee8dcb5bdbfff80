"""Sizes, as a habit: past these limits a module, function or template does a second thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("shop", "testing", "e2e", "bench", "deploy")
MODULE, FUNCTION, TEMPLATE, TEMPLATE_LINE = 250, 30, 80, 160
HALL, MIGRATIONS = 12, 8
#: The first line of a function in JavaScript, up to the brace that opens its body.
JS_FUNCTION = re.compile(r"^( *)(?!if|for|while|else|switch)\S.*(?:=>|\)) \{$")

#: What is larger, with the reason.
EXCEPTIONS: dict[str, str] = {}


def paths(pattern: str, *folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob(pattern))
        if "migrations" not in path.parts
    ]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def long_modules() -> Iterator[tuple[str, int]]:
    for path in paths("*.py", *PACKAGES) + paths("*.js", "static"):
        yield name(path), len(path.read_text().splitlines())


def python_functions() -> Iterator[tuple[str, int]]:
    for path in paths("*.py", *PACKAGES):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name(path)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1


def javascript_functions() -> Iterator[tuple[str, int]]:
    """Yields what stands between a brace at the end of a line and the one that is indented like that line."""
    for path in paths("*.js", "static"):
        lines = path.read_text().splitlines()
        for first, line in enumerate(lines):
            if match := JS_FUNCTION.match(line):
                ends = (i for i in range(first, len(lines)) if lines[i].startswith(match[1] + "}"))
                yield f"{name(path)}: {line.strip()}", next(ends) - first + 1


def template_lines() -> Iterator[tuple[str, int]]:
    for path in paths("*.html", "templates"):
        yield name(path), max(map(len, path.read_text().splitlines()), default=0)


def templates() -> Iterator[tuple[str, int]]:
    for path in paths("*.html", "templates"):
        yield name(path), len(path.read_text().splitlines())


LIMITS = {
    "module": (long_modules, MODULE),
    "function": (python_functions, FUNCTION),
    "JavaScript function": (javascript_functions, FUNCTION),
    "template": (templates, TEMPLATE),
    "template line": (template_lines, TEMPLATE_LINE),
}


def larger(kind: str) -> dict[str, int]:
    """Returns what exceeds the limit of its kind, with its size."""
    measure, limit = LIMITS[kind]
    return {f"{kind}: {thing}": size for thing, size in measure() if size > limit}


@pytest.mark.parametrize("kind", LIMITS)
def test_nothing_is_larger_than_its_limit(kind: str) -> None:
    assert {thing: size for thing, size in larger(kind).items() if thing not in EXCEPTIONS} == {}


def test_each_exception_is_still_needed() -> None:
    assert EXCEPTIONS.keys() - {thing for kind in LIMITS for thing in larger(kind)} == set()


def test_the_hall_is_small() -> None:
    assert len(list((ROOT / "shop").glob("*.py"))) <= HALL


def test_migrations_are_few() -> None:
    assert len(list((ROOT / "shop" / "migrations").glob("0*.py"))) <= MIGRATIONS
