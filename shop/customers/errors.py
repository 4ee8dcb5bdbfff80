"""What the services of customers raise."""

from shop.db.errors import InUse


class CustomerInUse(InUse):
    """A customer who has orders or imported credit notes."""
