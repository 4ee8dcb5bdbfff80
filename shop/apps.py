"""The app's start."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        """Registers the checks, and says aloud what the server's log must not leave out."""
        from shop import checks

        checks.warn_of_open_api()
