"""The least that Django can do with a database: what no page on this stack can be quicker than."""
