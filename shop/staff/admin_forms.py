"""Forms of the staff admin."""

from django import forms

from shop.staff.models import ApiToken, User
from shop.web.admin_forms import AdminForm


class TokenForm(AdminForm):
    """Chooses the owner of a new token."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True), help_text="The token can do what this user may do."
    )

    class Meta:
        model = ApiToken
        fields = ("user",)
