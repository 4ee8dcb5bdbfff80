"""What the services of saved views raise."""

from dataclasses import dataclass

from shop.db.errors import InvalidValue


@dataclass(eq=False)
class TooManyViews(InvalidValue):
    """One member of staff, or everybody together, has as many views of a list as are kept."""

    code = "too_many_views"

    most: int
    is_shared: bool


@dataclass(eq=False)
class ViewNameTaken(InvalidValue):
    code = "view_name_taken"

    name: str
