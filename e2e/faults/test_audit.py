"""The auditor sees what it is there to see: each change made behind the desk's back is found."""

import pytest

from e2e.faults.bench import Bench

#: What is changed, how it is undone, and what the auditor calls it.
CHANGES = {
    "stock": (
        "UPDATE shop_product SET stock = stock - 1 WHERE id = {product}",
        "UPDATE shop_product SET stock = stock + 1 WHERE id = {product}",
        "wrong",
    ),
    "subtotal": (
        "UPDATE shop_order SET subtotal = subtotal + 1 WHERE id = {id}",
        "UPDATE shop_order SET subtotal = subtotal - 1 WHERE id = {id}",
        "wrong",
    ),
    "order": (
        "UPDATE shop_order SET reference = 'ZZZ-ZZZZ' WHERE id = {id}",
        "UPDATE shop_order SET reference = '{reference}' WHERE id = {id}",
        "lost",
    ),
    "key": (
        "UPDATE shop_idempotencykey SET object_id = -object_id WHERE object_id = {id}",
        "UPDATE shop_idempotencykey SET object_id = -object_id WHERE object_id = -{id}",
        "doubled",
    ),
    "event": (
        "UPDATE shop_orderevent SET kind = 'opened' WHERE order_id = {id} AND kind = 'placed'",
        "UPDATE shop_orderevent SET kind = 'placed' WHERE order_id = {id} AND kind = 'opened'",
        "wrong",
    ),
    "line": (
        "UPDATE shop_orderline SET quantity = quantity + 1 WHERE order_id = {id}",
        "UPDATE shop_orderline SET quantity = quantity - 1 WHERE order_id = {id}",
        "wrong",
    ),
    "tax": (
        "UPDATE shop_order SET prices_include_tax = NOT prices_include_tax, tax = tax + 1 WHERE id = {id}",
        "UPDATE shop_order SET prices_include_tax = NOT prices_include_tax, tax = tax - 1 WHERE id = {id}",
        "wrong",
    ),
    "number": (
        "UPDATE shop_register SET next_number = next_number + 1",
        "UPDATE shop_register SET next_number = next_number - 1",
        "wrong",
    ),
    "movement": (
        "UPDATE shop_stockmovement SET quantity = quantity - 1 WHERE order_id = {id}",
        "UPDATE shop_stockmovement SET quantity = quantity + 1 WHERE order_id = {id}",
        "wrong",
    ),
}


@pytest.mark.everywhere
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_auditor_finds_what_was_changed(bench: Bench, change: tuple[str, str, str]) -> None:
    """Passes when a clean audit turns into one that names the kind of damage, and is clean again after."""
    order = bench.program().order({bench.hot[0]: 2})
    facts = {"product": bench.hot[0].id, "id": order["id"], "reference": order["reference"]}
    do, undo, kind = change
    bench.check()
    bench.database.rows(do.format(**facts))
    try:
        findings = bench.audit()
    finally:
        bench.database.rows(undo.format(**facts))
    assert getattr(findings, kind), findings.broken
    bench.check()
