"""Makes the addresses of one noun of the JSON API."""

from django.urls import URLPattern, re_path

from shop.api.base import ApiView


def make_noun_patterns(noun: str, view: type[ApiView]) -> list[URLPattern]:
    """Makes each address with and without a slash at the end, because a POST cannot be redirected."""
    handler = view.as_view()
    return [
        re_path(rf"^{noun}/?\Z", handler, name=f"api-{noun}"),
        re_path(rf"^{noun}/(?P<id>[0-9]+)/?\Z", handler, name=f"api-{noun}-row"),
    ]
