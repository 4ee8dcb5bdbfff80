"""How hypothesis draws examples."""

from hypothesis import HealthCheck, settings

#: Decorates a test of a property: it gets the same examples each time, in the database of one test.
same_examples = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
