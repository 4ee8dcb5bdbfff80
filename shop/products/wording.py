"""Words the errors of products and stock."""

from shop.products import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.OutOfStock) -> str:
    shortages = "; ".join(f"{row.name}: {row.wanted} wanted, {row.left} left" for row in error.shortages)
    return f"Not enough in stock. {shortages}."


@word_error.register
def _(error: errors.StockNotTracked) -> str:
    return "Stock is not tracked. Count the product to begin."


@word_error.register
def _(error: errors.NoStockChange) -> str:
    return "A change of 0 is no change."


@word_error.register
def _(error: errors.StockTooHigh) -> str:
    return f"Stock can be {error.most:,} at most."


@word_error.register
def _(error: errors.SkuTaken) -> str:
    return f"{error.name} has this SKU already."


@word_error.register
def _(error: errors.BarcodeTaken) -> str:
    return f"{error.name} has this barcode already."


@word_error.register
def _(error: errors.ProductInUse) -> str:
    why = "has orders, returns or stock entries and cannot be deleted"
    return f"{error.name} {why}. Retire the product instead."
