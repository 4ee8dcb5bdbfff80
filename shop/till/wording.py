"""Words the errors of tills."""

from django.urls import reverse
from django.utils import timezone

from shop.money.amounts import format_money
from shop.till import errors
from shop.till.models import CashMovement
from shop.web.wording import Remedy, find_remedy, word_error

#: How money was taken or given, after its amount.
BY_METHOD = {
    "cash": "in cash",
    "card": "by card",
    "transfer": "by transfer",
    "voucher": "by voucher",
    "exchange": "by an exchange",
}


@word_error.register
def _(error: errors.TillClosed) -> str:
    return f"{error.register} is closed. Open it first."


@word_error.register
def _(error: errors.RegisterNameTaken) -> str:
    return f"Another till is called {error.name}."


@word_error.register
def _(error: errors.PrefixTaken) -> str:
    if error.is_old:
        return f"Documents of {error.name} begin with {error.prefix}."
    return f"{error.name} has the prefix {error.prefix} already."


@word_error.register
def _(error: errors.InvalidPrefix) -> str:
    return f"A prefix is 1 to {error.most} capital letters and digits."


@word_error.register
def _(error: errors.TillOpen) -> str:
    return f"{error.register} is open already."


@word_error.register
def _(error: errors.TillChanged) -> str:
    more = error.entries - error.seen
    named = "; ".join(_word_entry(entry) for entry in error.newest)
    if not named:
        return "This page is older than the till. Count again."
    others = f" ({more} entries in all)" if more > len(error.newest) else ""
    return f"While you counted: {named}{others}. Nothing was closed. Count again."


def _word_entry(entry: errors.NewEntry) -> str:
    """Words an entry of a till, as in "anna took $60.00 in cash at 14:03"."""
    who, amount = entry.by or "a program", format_money(abs(entry.amount))
    when = timezone.localtime(entry.at).strftime("%H:%M")
    if entry.kind in CashMovement.Kind.values:
        did, how = ("put", "into the drawer") if entry.amount > 0 else ("took", "out of the drawer")
    else:
        did, how = ("took" if entry.amount > 0 else "gave back"), BY_METHOD[entry.kind]
    return f"{who} {did} {amount} {how} at {when}"


@word_error.register
def _(error: errors.NotCounted) -> str:
    return "Count the drawer; type a 0 if it is empty."


@word_error.register
def _(error: errors.CountsDiffer) -> str:
    return f"The pieces add up to {format_money(error.pieces)}, not to {format_money(error.amount)}."


@find_remedy.register
def _(error: errors.TillClosed) -> Remedy:
    return Remedy(f"Open {error.register}", reverse("till-open", args=[error.register_id]))


@word_error.register
def _(error: errors.ClosedOtherwise) -> str:
    counted, banked = format_money(error.counted), format_money(error.banked)
    return f"This session is closed: {counted} was counted, {banked} went to the bank."


@word_error.register
def _(error: errors.CashReasonMissing) -> str:
    return "Give a reason."


@word_error.register
def _(error: errors.UnknownCashKind) -> str:
    return "Choose more change, to the safe, paid out or found."
