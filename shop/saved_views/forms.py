"""Forms to save and to rename a view."""

from typing import Any

from django import forms

from shop.saved_views.models import SavedView
from shop.web.forms import ShopForm


class ViewNameForm(ShopForm):
    """Takes a view's name and removes surplus spaces."""

    name = forms.CharField(max_length=SavedView._meta.get_field("name").max_length)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class SaveViewForm(ViewNameForm):
    """Saves a view. Its filters come with the page's address."""

    shared = forms.BooleanField(required=False, label="For everybody")

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]
