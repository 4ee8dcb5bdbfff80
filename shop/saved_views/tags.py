"""The saved views above a list."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context

from shop.saved_views.models import SavedView
from shop.web.lists import ListPage

register = template.Library()


@dataclass(frozen=True)
class ViewLink:
    """A link to a saved view, and whether the page shows this view now."""

    view: SavedView
    is_current: bool


@register.inclusion_tag("saved_views/_links.html", takes_context=True)
def saved_view_links(context: Context, page: ListPage) -> dict[str, Any]:
    """Links the views that the reader may use, and marks the one that the page shows."""
    request = context["request"]
    views = SavedView.objects.list_visible(page.listing.noun, request.user.pk)
    links = [ViewLink(view, page.listing.keep_query(QueryDict(view.query)) == page.query) for view in views]
    return {
        "page": page,
        "path": request.path,
        "links": links,
        "is_saved": any(link.is_current for link in links),
        "edit_url": f"{page.listing.noun}-views",
    }
