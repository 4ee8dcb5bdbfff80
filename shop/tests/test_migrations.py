"""What the files of migrations look like; CONTRIBUTING.md gives the rule."""

import ast
from pathlib import Path

import pytest

MIGRATIONS = Path(__file__).parent.parent / "migrations"
#: The first set, made before the first release: tables, then their data.
FIRST_SET = {
    "0001_staff",
    "0002_customers",
    "0003_products",
    "0004_orders",
    "0005_records",
    "0006_money",
    "0007_reports",
    "0008_roles",
}
FILES = sorted(MIGRATIONS.glob("0*.py"))

LATER = """
import shop.orders.models
class Migration(migrations.Migration):
    operations = [first, second]
"""


def find_problems(source: str, *, is_first: bool) -> list[str]:
    """Returns what is wrong with a migration; one of the first set may have several operations."""
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    [migration] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    values = {
        ast.unparse(node.targets[0]): node.value for node in migration.body if isinstance(node, ast.Assign)
    }
    operations = values["operations"]
    problems = []
    if any("shop" in ast.unparse(node).split()[1].split(".")[0] for node in imports):
        problems.append("it imports code that goes on changing")
    if "atomic" not in values or ast.unparse(values["atomic"]) != "False":
        problems.append("it asks for a transaction, which CockroachDB has not for its schema")
    if not is_first and (not isinstance(operations, ast.List) or len(operations.elts) != 1):
        problems.append("one that fails half-way cannot be run again: it has several operations")
    return problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_migrations_keep_the_rule(path: Path) -> None:
    assert find_problems(path.read_text(), is_first=path.stem in FIRST_SET) == []


def test_the_first_set_is_complete() -> None:
    assert {path.stem for path in FILES} >= FIRST_SET


def test_a_migration_that_breaks_the_rule_is_found() -> None:
    assert len(find_problems(LATER, is_first=False)) == 3
    assert len(find_problems(LATER, is_first=True)) == 2
