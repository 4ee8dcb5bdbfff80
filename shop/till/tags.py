"""The registers, for the pages of other features."""

from django import template

from shop.till.models import Register
from shop.till.queries import RegisterQuerySet

register = template.Library()


@register.simple_tag
def list_tills() -> RegisterQuerySet:
    """Returns the registers in use, each with its open session: one statement."""
    return Register.objects.in_use()
