"""Words the entries of an order's timeline. The database holds a kind and parameters, never a sentence.

Parameters by kind; amounts of money are texts with two decimals:

- opened: none, or `copied_from` (a reference) and `left_out` (names of what is no longer sold)
- placed: `subtotal`
- reopened: none for a draft, or `undone` ("fulfilled")
- corrected: `field` ("note"), or `line` (its name), `was` and `now` (quantity, unit_price), `reason`
- discounted: `line` (its name; none for the order), `discount` ("10%", "2.50", or empty), `reason`,
  `up_to` (the percentage that this allows for the order), `confirmed_by` (a manager, if one was needed)
- returned: `units`, `gross`, `reason`
- allowance: `line` (its name), `gross`, `reason`
- cancelled: `gross` where anything was left to take back, `reason` where one was given
- imported: `invoice`, `country`, `file`
- fulfilled, discarded: none
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from shop.money.amounts import format_money
from shop.orders.models import OrderEvent

Parameters = Mapping[str, Any]
Kind = OrderEvent.Kind


def describe_event(event: OrderEvent) -> str:
    """Returns what the timeline shows of an event beside its kind; empty if the kind says it all."""
    describe = _DESCRIBE.get(event.kind)
    return describe(event.parameters) if describe and event.parameters else ""


def _describe_placing(parameters: Parameters) -> str:
    return format_money(Decimal(parameters["subtotal"]))


def _describe_correction(parameters: Parameters) -> str:
    if parameters.get("field") == "note":
        return "Note changed"
    was, now = (_describe_terms(parameters[name]) for name in ("was", "now"))
    return f"{parameters['line']}: {was} became {now}. {parameters['reason']}"


def _describe_terms(terms: Parameters) -> str:
    return f"{terms['quantity']} × {format_money(Decimal(terms['unit_price']))}"


def _describe_discount(parameters: Parameters) -> str:
    what = f"{parameters['line']}: " if parameters.get("line") else ""
    if not parameters["discount"]:
        return f"{what}no discount any more"
    by = f" Confirmed by {parameters['confirmed_by']}." if parameters.get("confirmed_by") else ""
    return f"{what}{word_discount(parameters['discount'])}. {parameters['reason']}.{by}"


def word_discount(text: str) -> str:
    """Returns a discount as people read it: "10 %" or "$2.50"."""
    if not text:
        return "none"
    return text if text.endswith("%") else format_money(Decimal(text))


def _describe_return(parameters: Parameters) -> str:
    units = parameters["units"]
    noun = "unit" if units == 1 else "units"
    return f"{units:,} {noun}, {format_money(Decimal(parameters['gross']))}. {parameters['reason']}"


def _describe_allowance(parameters: Parameters) -> str:
    return f"{parameters['line']}: {format_money(Decimal(parameters['gross']))} off. {parameters['reason']}"


def _describe_cancelling(parameters: Parameters) -> str:
    amount = [format_money(Decimal(parameters["gross"]))] if "gross" in parameters else []
    return ". ".join([*amount, *filter(None, [parameters.get("reason")])])


def _describe_import(parameters: Parameters) -> str:
    country = parameters["country"] or "no country"
    return f"Invoice {parameters['invoice']}, {country}, from {parameters['file']}"


_DESCRIBE: dict[str, Callable[[Parameters], str]] = {
    Kind.OPENED: lambda parameters: f"Copied from {parameters['copied_from']}",
    Kind.PLACED: _describe_placing,
    Kind.REOPENED: lambda parameters: "Fulfilling was undone",
    Kind.CORRECTED: _describe_correction,
    Kind.RETURNED: _describe_return,
    Kind.ALLOWANCE: _describe_allowance,
    Kind.CANCELLED: _describe_cancelling,
    Kind.IMPORTED: _describe_import,
    Kind.DISCOUNTED: _describe_discount,
}
