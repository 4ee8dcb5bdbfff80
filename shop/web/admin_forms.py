"""Base classes of the admin's forms: they clean as the pages' forms do, and show what a service refused."""

from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict

from shop.db.errors import ShopError, Stale
from shop.staff import changes
from shop.web.forms import ShopModelForm
from shop.web.wording import word_difference


class AdminForm(ShopModelForm):
    """Shows `refusal`, which ShopAdmin.get_form sets on the class, as an error of its own."""

    refusal: ClassVar[ShopError | None] = None

    def full_clean(self) -> None:
        super().full_clean()
        if self.refusal and self.is_bound:
            self.add_refusal(self.refusal)


class VersionedForm(AdminForm):
    """Carries the version of the row that it shows, so that nobody's change is overwritten unseen."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.get_version()

    def get_version(self) -> int:
        """Returns the version of the row that the form shows."""
        version: int = self.instance.version
        return version

    def add_refusal(self, refusal: ShopError) -> None:
        """For Stale, also lists what differs, and gives the form the present version."""
        super().add_refusal(refusal)
        if not isinstance(refusal, Stale):
            return
        differences = changes.name_changers(refusal.differences)
        for difference in map(word_difference, differences):
            label = self._find_label(difference.what)
            self.add_error(None, f"{label}: yours is “{difference.wanted}”, now it is “{difference.now}”.")
        self.add_error(
            None, f"{changes.write_change_sentence(differences[0].change)} Save again to have it your way."
        )
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("seen_version")] = str(refusal.now.version)
        self.data = data

    def _find_label(self, what: str) -> str:
        """Returns the label of the field that a difference is about, as the form shows it: "SKU"."""
        name = what.replace(" ", "_")
        return str(self[name].label) if name in self.fields else what
