"""Forms of the admin site. They clean as the pages' forms do, and show what a service refused."""

from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict

from shop.db.errors import ShopError, Stale
from shop.staff import changes as authors
from shop.web.forms import ShopModelForm


class AdminForm(ShopModelForm):
    """Takes `refusal`, set on the class by ShopAdmin.get_form, for an error of its own."""

    refusal: ClassVar[ShopError | None] = None

    def full_clean(self) -> None:
        super().full_clean()
        if self.refusal and self.is_bound:
            self.add_refusal(self.refusal)


class VersionedForm(AdminForm):
    """Knows which version of the row it shows, so that nobody's change is overwritten unseen."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def add_refusal(self, refusal: ShopError) -> None:
        """For Stale also what differs; from then on the form has seen the present version."""
        super().add_refusal(refusal)
        if not isinstance(refusal, Stale):
            return
        differences = authors.named(refusal.differences)
        for each in differences:
            self.add_error(None, f"{each.what}: yours is “{each.mine}”, now it is “{each.now}”.")
        self.add_error(None, f"{authors.sentence(differences[0].change)} Save again to have it your way.")
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("seen_version")] = str(refusal.now.version)
        self.data = data
