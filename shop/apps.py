"""Starts the app, and chooses the static files that are served."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.signals import request_finished
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

#: The features that word their errors.
FEATURES = (
    "money",
    "taxes",
    "customers",
    "products",
    "orders",
    "till",
    "payments",
    "documents",
    "returns",
    "counter",
    "saved_views",
    "staff",
    "demo",
    "reports",
)


class ShopConfig(AppConfig):
    name = "shop"
    default = True

    def ready(self) -> None:
        """Connects signals, loads the wording of errors, and logs a warning when the API is open."""
        from shop.orders import past_days
        from shop.reports import services as reports
        from shop.staff import sessions
        from shop.web import checks, request_id

        for feature in FEATURES:
            import_module(f"shop.{feature}.wording")
        past_days.listeners.append(reports.unseal_days)
        request_finished.connect(request_id.clear_request_id)
        user_logged_in.connect(sessions.note_sign_in)
        checks.warn_of_open_api()
        pre_migrate.connect(_check_currency, sender=self)
        pre_migrate.connect(_lift_statement_timeout, sender=self)
        post_migrate.connect(_restore_statement_timeout, sender=self)


def _check_currency(using: str, **kwargs: Any) -> None:
    """Stops before tables are changed when there are payments in another currency."""
    from shop.payments.currency import check_currency

    check_currency(using)


def _lift_statement_timeout(using: str, **kwargs: Any) -> None:
    """Switches the limit off while migrations run: an index of a large table takes minutes."""
    if connections[using].vendor != "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")


def _restore_statement_timeout(using: str, **kwargs: Any) -> None:
    """Restores the limit that the connection was opened with."""
    if connections[using].vendor != "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute("RESET statement_timeout")


class ShopStaticFilesConfig(StaticFilesConfig):
    """Leaves out the parts of Bootstrap that no page uses; compressing them takes half a minute."""

    ignore_patterns = [  # noqa: RUF012  # Django declares it so
        *StaticFilesConfig.ignore_patterns,
        "bootstrap/*/bootstrap-*",
        "bootstrap/*/bootstrap.css*",
        "bootstrap/*.rtl.*",
        "bootstrap/js/*",
    ]
