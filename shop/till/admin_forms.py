"""The form of a register in the admin."""

from typing import ClassVar

from shop.till.errors import InvalidPrefix, PrefixTaken, RegisterNameTaken
from shop.till.models import Register
from shop.web.admin_forms import AdminForm


class RegisterForm(AdminForm):
    field_of: ClassVar = {RegisterNameTaken: "name", PrefixTaken: "prefix", InvalidPrefix: "prefix"}

    class Meta:
        model = Register
        fields = ("name", "prefix")
