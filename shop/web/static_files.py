"""How static files are named and compressed outside of development."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Puts hashes into the names of files, and into the imports of our JavaScript modules.

    A module that is imported and named in a page has one address, so it runs once. Django's own
    `support_js_module_import_aggregation` stops at text in other packages' scripts that looks like imports.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from "(?P<url>\./[^"]+)";)""", """from "%(url)s";"""),)),
    )
