"""Words the errors of tills."""

from shop.till import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.TillClosed) -> str:
    return f"{error.register} is closed. Open it first."


@word_error.register
def _(error: errors.RegisterNameTaken) -> str:
    return f"Another register is called {error.name}."


@word_error.register
def _(error: errors.PrefixTaken) -> str:
    return f"{error.name} has the prefix {error.prefix} already."


@word_error.register
def _(error: errors.InvalidPrefix) -> str:
    return f"A prefix is 1 to {error.most} capital letters and digits."
