"""Reads of registers and their sessions."""

from typing import TYPE_CHECKING, Self

from shop.db.querysets import ShopQuerySet

if TYPE_CHECKING:
    from shop.till.models import Register, TillSession  # noqa: F401

#: More digits than a sequence has.
BEYOND_DIGITS = 12


class RegisterQuerySet(ShopQuerySet["Register"]):
    def in_use(self) -> Self:
        """Keeps the registers that are not retired; reads their open sessions, and who opened these."""
        return self.filter(active=True).select_related("open_session__opened_by").order_by("id")

    def with_documents_of(self, prefix: str) -> Self:
        """Keeps the registers with documents whose numbers have this prefix, whatever their own is now."""
        # The index on numbers serves the first condition. A database that sorts by a language's rules may
        # ignore the dash, and then finds numbers of other prefixes too: the second condition removes these.
        between = f"{prefix}-0", f"{prefix}-{'9' * BEYOND_DIGITS}"
        return self.filter(documents__number__range=between, documents__number__startswith=f"{prefix}-")


class TillSessionQuerySet(ShopQuerySet["TillSession"]):
    def with_register(self) -> Self:
        """Reads the register, and who opened and closed the session."""
        return self.select_related("register", "opened_by", "closed_by")

    def list_closed(self, register_id: int) -> Self:
        """Selects the closed sessions of a register, the newest first."""
        closed = self.with_register().filter(register_id=register_id, closed_at__isnull=False)
        return closed.order_by("-number")
