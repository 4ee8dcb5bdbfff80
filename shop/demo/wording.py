"""Words the errors of the demo."""

from shop.demo import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.ShopNotEmpty) -> str:
    return "The database has customers, products or orders already. Nothing was added."


@word_error.register
def _(error: errors.ProductsChanged) -> str:
    return "Somebody changes the products while orders are made of them."


@word_error.register
def _(error: errors.OrderCountOutOfRange) -> str:
    return f"The number of orders is between 1 and {error.most:,}."
