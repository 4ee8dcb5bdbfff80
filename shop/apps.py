"""The app's start, and which static files are served."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class ShopConfig(AppConfig):
    name = "shop"
    default = True

    def ready(self) -> None:
        """Registers the checks, and says aloud what the server's log must not leave out."""
        from shop import checks

        checks.warn_of_open_api()


class ShopStaticFilesConfig(StaticFilesConfig):
    """Leaves out the parts of Bootstrap that no page uses; compressing them takes half a minute."""

    ignore_patterns = [  # noqa: RUF012  # Django declares it so
        *StaticFilesConfig.ignore_patterns,
        "bootstrap/*/bootstrap-*",
        "bootstrap/*/bootstrap.css*",
        "bootstrap/*.rtl.*",
        "bootstrap/js/*",
    ]
