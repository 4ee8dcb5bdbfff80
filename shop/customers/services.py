"""Every write to customers."""

from shop.customers.models import Customer
from shop.db.errors import InUse
from shop.db.idempotency import Once
from shop.db.rows import locked
from shop.db.transactions import retried_transaction
from shop.search import text
from shop.search.terms import rewrite_terms, write_terms
from shop.staff.changes import SIGNED, refuse_stale, set_active, sign, signature


@retried_transaction(once=Customer.objects.all)
def create_customer(
    *,
    name: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    note: str = "",
    staff_id: int | None,
    once: Once | None,
) -> Customer:
    """Makes a customer. Raises KeyReused."""
    customer = Customer(
        name=name, phone=phone, email=email, address=address, note=note, **signature(staff_id)
    )
    customer.name_key = sort_key(name)
    customer.save(force_insert=True)
    write_terms([customer])
    return customer


@retried_transaction
def update_customer(
    *,
    customer_id: int,
    name: str,
    phone: str,
    email: str,
    address: str,
    note: str,
    seen_version: int,
    staff_id: int | None,
) -> Customer:
    """Changes a customer's fields. Raises NotFound; Stale when it changed after `seen_version`."""
    customer = locked(Customer, customer_id)
    wanted = {"name": name, "phone": phone, "email": email, "address": address, "note": note}
    if not refuse_stale(customer, wanted, seen_version, staff_id):
        return customer
    for field, value in wanted.items():
        setattr(customer, field, value)
    customer.name_key = sort_key(name)
    sign(customer, staff_id)
    customer.save(update_fields=[*wanted, "name_key", *SIGNED])
    rewrite_terms(customer)
    return customer


@retried_transaction
def set_customer_active(*, customer_id: int, active: bool, staff_id: int | None) -> Customer:
    """Retires a customer, or brings it back. Raises NotFound."""
    return set_active(Customer, customer_id, active=active, staff_id=staff_id)


@retried_transaction
def delete_customer(*, customer_id: int) -> None:
    """Deletes a customer without orders; one that is gone already is fine. Raises InUse."""
    customer = Customer.objects.select_for_update().find(customer_id)
    if customer is None:
        return
    if customer.orders.exists():
        raise InUse(f"{customer.name} has orders and cannot be deleted. Retire the customer instead.")
    customer.delete()


def sort_key(name: str) -> str:
    """What lists sort a name by."""
    return text.fold(name)[:200]
