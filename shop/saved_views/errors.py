"""What the services of saved views raise."""

from dataclasses import dataclass

from shop.db.errors import InvalidValue


@dataclass(eq=False)
class TooManyViews(InvalidValue):
    """The owner, or everybody together if `is_shared`, already has the most views of one list."""

    code = "too_many_views"

    most: int
    is_shared: bool


@dataclass(eq=False)
class ViewNameTaken(InvalidValue):
    code = "view_name_taken"

    name: str
