"""Saved views for tests, and the links to them that a list shows."""

import html

from django.test import Client

from shop.models import SavedView, User
from shop.saved_views import services as saved_views


def make_view(
    name: str, query: str = "status=placed", owner: User | None = None, noun: str = "order"
) -> SavedView:
    return saved_views.save_view(noun=noun, name=name, query=query, owner_id=owner.pk if owner else None)


def read_view_links(client: Client, path: str = "/orders/") -> list[tuple[str, str, bool]]:
    """Returns the links above a list: their text, their address, and whether it is the current one."""
    source = client.get(path, follow=True).content.decode()
    if 'aria-label="Saved views"' not in source:
        return []
    nav = source.split('aria-label="Saved views"')[1].split("</nav>")[0]
    links = []
    for part in nav.split("<a ")[1:]:
        text = part.split(">", 1)[1].split("</a>")[0].replace("<small>", "").replace("</small>", "")
        address = html.unescape(part.split('href="')[1].split('"')[0])
        links.append((html.unescape(text), address, "aria-current" in part))
    return links
