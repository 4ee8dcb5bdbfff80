"""The shop under attack: its rows, its staff, and their browsers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import django

#: Who sends: nobody, and a member of each role.
ROLES = ("nobody", "clerk", "manager", "admin", "superuser")


@contextmanager
def open_shop(engine: str) -> Iterator[None]:
    """A shop with demo data on a throw-away database of this engine; Django is set up with it."""
    # Imported here: it makes a directory for the settings, which are read below.
    from testing import engines
    from testing.databases import run_engine

    with nullcontext((None, "")) if engine == "sqlite" else run_engine(engine) as (_, url):
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "testing.settings"
        if url:
            os.environ.update(engines.environment(url))
        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", verbosity=0)
        yield


def make_client() -> Any:
    """A browser whose requests take the way of the WSGI application."""
    from django.test import Client
    from django.test.client import ClientHandler

    from shop.web.charsets import set_charset_aside

    class Handler(ClientHandler):
        def __call__(self, environ: dict[str, Any]) -> Any:
            set_charset_aside(environ)
            return super().__call__(environ)

    client = Client(raise_request_exception=False)
    client.handler = Handler(enforce_csrf_checks=False)
    return client


class Staff:
    """The members of staff, and a browser and a token of each."""

    def __init__(self) -> None:
        from django.contrib.auth.models import Group

        self.rights: dict[str, list[Any]] = {
            role.name: list(role.permissions.values_list("pk", flat=True)) for role in Group.objects.all()
        }
        self.clients = {role: make_client() for role in ROLES}
        self.tokens: dict[str, str] = {}
        self.heal()

    def heal(self) -> None:
        """Gives everybody back what the attack took from them: roles, rights, sessions, tokens."""
        from django.contrib.auth.models import Group

        from shop.models import FailedSignIn
        from shop.staff import authentication as identity

        FailedSignIn.objects.all().delete()
        for name, rights in self.rights.items():
            group, _ = Group.objects.get_or_create(name=name)  # a superuser may have deleted it
            group.permissions.set(rights)
        identity.forget_roles()
        for role in ROLES[1:]:
            self.sign_in(role)

    def sign_in(self, role: str) -> None:
        """A new session and a new token, for the account as it should be."""
        from django.contrib.auth.models import Group

        from shop.models import User
        from shop.staff.tokens import create_token

        wanted = {
            "is_active": True,
            "is_superuser": role == "superuser",
            "is_staff": role in ("admin", "superuser"),
        }
        user, _ = User.objects.update_or_create(username=role, defaults=wanted)
        user.user_permissions.clear()
        user.groups.set(Group.objects.filter(name=role))
        self.clients[role].cookies.clear()
        self.clients[role].force_login(user)
        self.tokens[role] = create_token(user=user)


def restock(number: int) -> None:
    """More of every kind of row, since the attack deletes some."""
    from django.contrib.auth.models import Group

    from shop.models import User
    from shop.orders.services import drafts, placed_orders
    from testing import admin_pages as admin_pages

    staff = User.objects.get(username="manager")
    make_room_for_a_view(staff)
    admin_pages.make_everything(staff, f"Tea {number}")
    admin_pages.make_order(staff, f"Coffee {number}")
    done = admin_pages.make_order(staff, f"Milk {number}")
    placed_orders.fulfil_order(reference=done.reference, staff_id=staff.pk)
    product = done.lines.get().product_id
    for _ in range(3):
        draft = drafts.open_draft(staff_id=staff.pk)
        drafts.add_line(reference=draft.reference, product_id=product, quantity=1, key="", staff_id=None)
    Group.objects.filter(name__startswith="Tea").exclude(name=f"Tea {number}").delete()


def make_room_for_a_view(owner: Any) -> None:
    """Deletes the owner's oldest views of orders, so that one more fits under the limit."""
    from shop.models import SavedView
    from shop.saved_views.services import MAX_VIEWS

    newest = SavedView.objects.filter(noun="order", owner=owner).order_by("-pk")
    SavedView.objects.filter(pk__in=[view.pk for view in newest[MAX_VIEWS - 1 :]]).delete()
