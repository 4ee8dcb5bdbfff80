"""Every write to customers."""

from typing import Unpack

from shop.customers.errors import CustomerInUse
from shop.customers.models import Customer, CustomerFields
from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.search import text
from shop.search.terms import rewrite_terms, write_terms
from shop.staff.changes import (
    STAMP_FIELDS,
    find_differences,
    make_stamp,
    raise_if_stale,
    set_active,
    stamp_change,
)


@retried_transaction(once=Customer.objects.all)
def create_customer(*, staff_id: int | None, once: Once | None, **fields: Unpack[CustomerFields]) -> Customer:
    """Makes a customer. Raises KeyReused."""
    customer = Customer(**fields, **make_stamp(staff_id))
    customer.name_key = text.make_sort_key(customer.name)
    customer.save(force_insert=True)
    write_terms([customer])
    return customer


@retried_transaction
def update_customer(
    *, customer_id: int, seen_version: int, staff_id: int | None, **fields: Unpack[CustomerFields]
) -> Customer:
    """Changes a customer's fields; what is left out stays.

    Raises NotFound; Stale when the customer changed after `seen_version`.
    """
    customer = lock_or_raise(Customer, customer_id)
    differences = find_differences(customer, fields)
    if not differences:
        return customer
    raise_if_stale(customer, differences, seen_version=seen_version, staff_id=staff_id)
    for field, value in fields.items():
        setattr(customer, field, value)
    customer.name_key = text.make_sort_key(customer.name)
    stamp_change(customer, staff_id)
    customer.save(update_fields=[*fields, "name_key", *STAMP_FIELDS])
    rewrite_terms(customer)
    return customer


@retried_transaction
def set_customer_active(*, customer_id: int, active: bool, staff_id: int | None) -> Customer:
    """Retires a customer, or brings it back. Raises NotFound."""
    return set_active(Customer, customer_id, active=active, staff_id=staff_id)


@retried_transaction
def delete_customer(*, customer_id: int) -> None:
    """Deletes a customer without orders and credit notes; does nothing when it is already gone.

    Raises CustomerInUse.
    """
    customer = Customer.objects.select_for_update().find(customer_id)
    if customer is None:
        return
    if customer.orders.exists() or customer.credit_notes.exists():
        raise CustomerInUse(customer.name)
    customer.delete()
