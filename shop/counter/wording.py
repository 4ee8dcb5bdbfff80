"""Words the errors of the counter."""

from shop.counter import errors
from shop.money.amounts import format_money
from shop.web.wording import word_error


@word_error.register
def _(error: errors.NotATender) -> str:
    return (
        f"“{error.typed}” is no payment. Type what was laid down, such as 50; = for exact cash; c for card; "
        "t for transfer; v for voucher; or several, such as c 20 + 50."
    )


@word_error.register
def _(error: errors.RestIsPaid) -> str:
    return f"“{error.typed}”: the rest is already paid. Leave it out."


@word_error.register
def _(error: errors.ExchangeChanged) -> str:
    if error.seen == error.now:
        return "Nothing was exchanged: the money would go back in another way by now. Look again."
    seen, now = format_money(error.seen), format_money(error.now)
    return f"Nothing was exchanged: the difference was {seen} and is {now} by now. Look again."


@word_error.register
def _(error: errors.NotOneProduct) -> str:
    if not error.names:
        return f"Nothing is called “{error.typed}”."
    return f"Several are called “{error.typed}”: {', '.join(error.names)}. Type the SKU."
