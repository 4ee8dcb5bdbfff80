"""Words the errors of saved views."""

from shop.saved_views import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.TooManyViews) -> str:
    kept = f"{error.most} shared views are" if error.is_shared else f"{error.most} views are"
    return f"{kept} kept for this list already. Delete one first."


@word_error.register
def _(error: errors.ViewNameTaken) -> str:
    return f"Another view is called “{error.name}”. Choose another name."
