"""What the services of tills raise."""

from dataclasses import dataclass

from shop.db.errors import InvalidValue, ShopError


@dataclass(eq=False)
class TillClosed(ShopError):
    """The register has no open session, and does not open itself."""

    code = "till_closed"

    register: str


@dataclass(eq=False)
class RegisterNameTaken(InvalidValue):
    """Another register has this name."""

    code = "register_name_taken"

    name: str


@dataclass(eq=False)
class PrefixTaken(InvalidValue):
    """Another register has this prefix."""

    code = "prefix_taken"

    prefix: str
    name: str


@dataclass(eq=False)
class InvalidPrefix(InvalidValue):
    """A prefix is one to `most` capital letters and digits, since it begins the numbers of documents."""

    code = "invalid_prefix"

    prefix: str
    most: int
