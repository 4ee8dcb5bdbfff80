"""The auditor finds each change that is made directly in the database."""

import pytest

from e2e.faults import money
from e2e.faults.actions import carry_out
from e2e.faults.money_actions import closing, order_paid, sold_at_till
from e2e.faults.system import System

#: The SQL of a change, the SQL that undoes it, and the list of findings in which it must be.
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
        # The database refuses a line whose money does not add up.
        "UPDATE shop_orderline SET quantity = quantity + 1, discount = unit_price WHERE order_id = {id}",
        "UPDATE shop_orderline SET quantity = quantity - 1, discount = 0 WHERE order_id = {id}",
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
        "UPDATE shop_stockmovement SET quantity = quantity - 7 WHERE order_id = {id}",
        "UPDATE shop_stockmovement SET quantity = quantity + 7 WHERE order_id = {id}",
        "wrong",
    ),
    "paid": (
        "UPDATE shop_order SET paid = paid + 1, balance = balance - 1 WHERE id = {id}",
        "UPDATE shop_order SET paid = paid - 1, balance = balance + 1 WHERE id = {id}",
        "wrong",
    ),
    "payment": (
        "UPDATE shop_payment SET amount = amount + 1 WHERE id = {payment}",
        "UPDATE shop_payment SET amount = amount - 1 WHERE id = {payment}",
        "doubled",
    ),
    "payment-of-another": (
        "UPDATE shop_payment SET order_id = {other} WHERE id = {payment}",
        "UPDATE shop_payment SET order_id = {id} WHERE id = {payment}",
        "lost",
    ),
    "returned": (
        "UPDATE shop_returnline SET quantity = quantity + 1 WHERE line_id = {line}",
        "UPDATE shop_returnline SET quantity = quantity - 1 WHERE line_id = {line}",
        "doubled",
    ),
    "receipt": (
        "UPDATE shop_document SET kind = 'z_report' WHERE order_id = {other}",
        "UPDATE shop_document SET kind = 'receipt' WHERE order_id = {other}",
        "lost",
    ),
    "number-beyond": (
        "UPDATE shop_document SET sequence = sequence + 9000 WHERE order_id = {other}",
        "UPDATE shop_document SET sequence = sequence - 9000 WHERE order_id = {other}",
        "doubled",
    ),
    "z-report": (
        "UPDATE shop_document SET kind = 'slip' WHERE session_id = {session}",
        "UPDATE shop_document SET kind = 'z_report' WHERE session_id = {session}",
        "lost",
    ),
    "session": (
        "UPDATE shop_tillsession SET banked = banked + 1 WHERE id = {session}",
        "UPDATE shop_tillsession SET banked = banked - 1 WHERE id = {session}",
        "wrong",
    ),
    "number-missing": (
        "UPDATE shop_register SET next_number = next_number + 1",
        "UPDATE shop_register SET next_number = next_number - 1",
        "lost",
    ),
}


@pytest.fixture(scope="module")
def facts(system: System) -> dict[str, object]:
    """An order that was paid and partly returned, one that was sold at a till, and a till that was closed."""
    cashier = system.cashier()
    sold = order_paid(system, cashier, {system.hot[0]: 2})
    [line] = sold.lines.values()
    cashier.send(money.give_back(sold, {line: 1}))
    other = sold_at_till(system, cashier).reference
    [[other_id]] = system.database.rows(f"SELECT id FROM shop_order WHERE reference = '{other}'")
    carry_out(closing(system))
    [[session]] = system.database.rows("SELECT max(id) FROM shop_tillsession WHERE closed_at IS NOT NULL")
    order = {"product": system.hot[0].id, "id": sold.id, "reference": sold.reference}
    return order | {"payment": sold.payment, "line": line, "other": other_id, "session": session}


@pytest.mark.everywhere
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_auditor_finds_what_was_changed(
    system: System, facts: dict[str, object], change: tuple[str, str, str]
) -> None:
    """Passes when a clean audit turns into one that names the kind of damage, and is clean again after."""
    do, undo, kind = change
    system.check()
    system.database.rows(do.format(**facts))
    try:
        findings = system.audit_all()
    finally:
        system.database.rows(undo.format(**facts))
    assert getattr(findings, kind), findings.broken
    system.check()
