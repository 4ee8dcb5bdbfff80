"""Base classes of the admin: writes are retried, refusals are shown, and no list counts a whole table."""

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from shop.db.errors import NotTried, ShopError
from shop.db.outcomes import Outcome, write_rows
from shop.db.transactions import retry_request, run_in_transaction
from shop.web.admin_lookups import StrictLookupsAdmin
from shop.web.wording import word_error

if TYPE_CHECKING:
    RowPaginator = Paginator[Any]
else:
    RowPaginator = Paginator

#: Rows that a list counts and pages through. Beyond them people search or filter.
MAX_COUNTED_ROWS = 1_000
#: Rows that an action takes at once.
MAX_ACTION_ROWS = 100
#: Characters of a search: no row holds more, and SQLite refuses a pattern of more than 50,000 bytes.
MAX_TYPED = 1_000
#: Refusals that get a message each: messages travel in a cookie, which holds 2 kB.
MAX_REFUSAL_MESSAGES = 10

View = TypeVar("View", bound=Callable[..., Any])


class BoundedCount(int):
    """A count that stopped at its bound: there are more rows."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class BoundedPaginator(RowPaginator):
    """Counts MAX_COUNTED_ROWS at most, however large the table is."""

    @cached_property
    def count(self) -> int:
        """The rows of all pages; a BoundedCount when there are more."""
        # Which rows are counted does not matter, so they need no order.
        rows = cast(models.QuerySet[Any], self.object_list).order_by().values("pk")
        count = rows[: MAX_COUNTED_ROWS + 1].count()
        return BoundedCount(MAX_COUNTED_ROWS) if count > MAX_COUNTED_ROWS else count


def retry_post(view: View) -> View:
    """Makes the POST of an admin view one retried transaction; a GET reads without one.

    A refusal undoes the attempt. Then the view runs again with `request.refusal` set: it shows the
    page with what was typed, and why that was refused.
    """
    attempt = retry_request(view)

    @functools.wraps(view)
    def run_view(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(self, request, *args, **kwargs)
        try:
            return attempt(self, request, *args, **kwargs)
        except ShopError as refusal:
            request.refusal = refusal
            return attempt(self, request, *args, **kwargs)

    return run_view  # type: ignore[return-value]


@admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def delete_selected(
    modeladmin: "ShopAdmin", request: HttpRequest, queryset: models.QuerySet[Any]
) -> HttpResponse | None:
    """Asks on Django's page, then deletes each row by `delete_model`."""
    if not request.POST.get("post"):
        return actions.delete_selected(modeladmin, request, queryset)

    def delete(row: models.Model) -> None:
        modeladmin.log_deletions(request, [row])  # type: ignore[arg-type]
        modeladmin.delete_model(request, row)

    modeladmin.run_action(request, queryset, "deleted", delete)
    return None


class ShopAdmin(StrictLookupsAdmin):
    """An admin whose lists cost the same however large the table is, and whose writes are retried.

    Subclasses search in `search_rows`. They write in `save_model` and `delete_model`,
    by `inside` of a service.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions: Any = (delete_selected,)
    #: Returns those of the rows that match the typed text, which is not empty. Each model has a search of its
    #: own, because none is quick on every table and Django's own reads the whole table.
    search_rows: Callable[[Any, str], models.QuerySet[Any]]
    #: Django shows its search box only where this holds something. `search_rows` does the searching.
    search_fields: ClassVar[Any] = ("pk",)

    @retry_post
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    @retry_post
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, extra_context)

    @retry_post
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().delete_view(request, object_id, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Returns a form class of this request's own, with what a service refused."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        return form

    def get_deleted_objects(
        self, objs: Iterable[models.Model], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Names the rows only: Django would load every row that refers to them, perhaps a million."""
        refusal = getattr(request, "refusal", None)
        return [str(row) for row in objs], {}, set(), [word_error(refusal)] if refusal else []

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Returns the rows that `search_rows` finds, and that no row is among them twice."""
        typed = search_term.replace("\x00", "").strip()
        if len(typed) > MAX_TYPED:
            return queryset.none(), False
        return (self.search_rows(queryset, typed) if typed else queryset), False

    def run_action(
        self,
        request: HttpRequest,
        queryset: models.QuerySet[Any],
        participle: str,
        write: Callable[[Any], object],
    ) -> None:
        """Runs `write` for each selected row, and reports what became of them: "3 orders cancelled.".

        Each row has a retried transaction of its own. Raises Busy when the database is busy at the first row.
        """
        rows = list(queryset[: MAX_ACTION_ROWS + 1])
        if len(rows) > MAX_ACTION_ROWS:
            self.message_user(request, f"Select {MAX_ACTION_ROWS} rows at most.", messages.ERROR)
            return

        def write_row(row: Any) -> None:
            run_in_transaction(f"admin: {participle}", functools.partial(write, row))

        self._report_outcomes(request, participle, write_rows(rows, write_row, word_error))

    def _report_outcomes(self, request: HttpRequest, participle: str, outcomes: list[Outcome]) -> None:
        done = sum(outcome.is_done for outcome in outcomes)
        advice = word_error(NotTried())
        not_tried = sum(outcome.refusal == advice for outcome in outcomes)
        refused = [outcome for outcome in outcomes if outcome.refusal not in ("", advice)]
        if done:
            self.message_user(request, f"{self._count_rows(done)} {participle}.", messages.SUCCESS)
        for outcome in refused[:MAX_REFUSAL_MESSAGES]:
            is_named = outcome.name in outcome.refusal
            sentence = outcome.refusal if is_named else f"{outcome.name}: {outcome.refusal}"
            self.message_user(request, sentence, messages.ERROR)
        if len(refused) > MAX_REFUSAL_MESSAGES:
            more = len(refused) - MAX_REFUSAL_MESSAGES
            self.message_user(request, f"{more} more were refused.", messages.ERROR)
        if not_tried:
            self.message_user(request, f"{self._count_rows(not_tried)}: {advice}", messages.ERROR)

    def _count_rows(self, count: int) -> str:
        """As in "1 order" and "2 orders"."""
        return f"{count} {self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural}"


class RetirableAdmin(ShopAdmin):
    """An admin of rows with a version and search terms that are retired rather than deleted."""

    #: The fieldsets of the page that adds a row.
    add_fieldsets: ClassVar[Any] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Any]:
        """Searches as the pages do."""
        matches: models.QuerySet[Any] = rows.search(typed)
        return matches
