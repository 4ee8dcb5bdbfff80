"""What the admin of every model shares: retried writes, told refusals, and no full counts."""

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.core.paginator import Paginator
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from shop.db.errors import Busy, ShopError
from shop.db.transactions import retry_request, run_in_transaction
from shop.web.admin_lookups import OnlyWhatIsOffered

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
    RowPaginator = Paginator[Any]
else:
    TabularInline = admin.TabularInline
    InlineFormSet, RowPaginator = BaseInlineFormSet, Paginator

#: Rows a list counts, and pages through; beyond them one searches or filters.
COUNTED = 1_000
#: Rows of one kind shown below the row that they belong to.
SHOWN_BELOW = 200
#: Rows an action takes at once.
ACTED_ON = 100
#: Refusals told one by one: messages travel in a cookie, which holds 2 kB.
TOLD = 10

View = TypeVar("View", bound=Callable[..., Any])


class MoreThan(int):
    """A count that stopped here."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class BoundedPaginator(RowPaginator):
    """Counts up to COUNTED rows, whatever the table holds."""

    @cached_property
    def count(self) -> int:
        """Rows in all pages; MoreThan when there are others."""
        # Which rows are counted does not matter, so they need no order.
        rows = cast(models.QuerySet[Any], self.object_list).order_by().values("pk")
        found = rows[: COUNTED + 1].count()
        return MoreThan(COUNTED) if found > COUNTED else found


def posted(view: View) -> View:
    """A view of the admin's whose POST is one retried transaction; a GET reads without one.

    A refusal undoes the attempt; the view is run again with `request.refusal` set, to show
    the page with what was typed and why it was refused.
    """
    attempt = retry_request(view)

    @functools.wraps(view)
    def answer(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(self, request, *args, **kwargs)
        try:
            return attempt(self, request, *args, **kwargs)
        except ShopError as refusal:
            request.refusal = refusal
            return attempt(self, request, *args, **kwargs)

    return answer  # type: ignore[return-value]


@admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def delete_selected(
    modeladmin: "ShopAdmin", request: HttpRequest, queryset: models.QuerySet[Any]
) -> HttpResponse | None:
    """Django's confirmation, then each row through `delete_model`."""
    if not request.POST.get("post"):
        return actions.delete_selected(modeladmin, request, queryset)

    def delete(row: models.Model) -> None:
        modeladmin.log_deletions(request, [row])  # type: ignore[arg-type]
        modeladmin.delete_model(request, row)

    modeladmin.each(request, queryset, "deleted", delete)
    return None


class ShopAdmin(OnlyWhatIsOffered):
    """Lists that cost the same whatever the table holds, and writes under the retry loop.

    Subclasses write in `save_model` and `delete_model`, by `inside` of a service.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions: Any = (delete_selected,)
    #: Shows the search box; `find` does the searching.
    search_fields: ClassVar[Any] = ("pk",)

    @posted
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    @posted
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, extra_context)

    @posted
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().delete_view(request, object_id, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form of this request's own, with what a service refused."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        return form

    def get_deleted_objects(
        self, objs: Iterable[models.Model], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Names the rows only: Django would load all that refers to them, be it a million lines."""
        refusal = getattr(request, "refusal", None)
        return [str(row) for row in objs], {}, set(), [refusal.detail] if refusal else []

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The rows that `find` finds; it never names a row twice."""
        typed = search_term.replace("\x00", "").strip()
        return (self.find(queryset, typed) if typed else queryset), False

    def find(self, rows: Any, typed: str) -> models.QuerySet[Any]:
        """Those of `rows` that `typed` (not empty) stands for.

        Every list says it itself: there is no search that is quick on every table, and Django's
        own would read all of it. A list that forgets to fails in the test that searches them all.
        """
        raise NotImplementedError(f"{type(self).__name__} must say how its rows are found.")

    def each(
        self,
        request: HttpRequest,
        queryset: models.QuerySet[Any],
        done: str,
        write: Callable[[Any], object],
    ) -> None:
        """Runs `write` for each row, each in a retried transaction of its own, and tells the outcome.

        One transaction for all would make a refused row undo the others, and would meet more
        conflicts the more rows it has. Raises Busy when not even the first row could be written.
        """
        rows = list(queryset[: ACTED_ON + 1])
        if len(rows) > ACTED_ON:
            self.message_user(request, f"Select {ACTED_ON} rows at most.", messages.ERROR)
            return
        written, refusals = 0, []
        for row in rows:
            try:
                run_in_transaction(f"admin: {done}", functools.partial(write, row))
                written += 1
            except ShopError as refusal:
                refusals.append(refusal.detail if str(row) in refusal.detail else f"{row}: {refusal.detail}")
            except Busy as busy:
                if not written:
                    raise
                refusals.append(f"{row}: {busy.detail} The rows behind it were left as they are.")
                break
        self._tell(request, done, written, refusals)

    def _tell(self, request: HttpRequest, done: str, written: int, refusals: list[str]) -> None:
        if written:
            name = self.opts.verbose_name if written == 1 else self.opts.verbose_name_plural
            self.message_user(request, f"{written} {name} {done}.", messages.SUCCESS)
        for refusal in refusals[:TOLD]:
            self.message_user(request, refusal, messages.ERROR)
        if len(refusals) > TOLD:
            self.message_user(request, f"{len(refusals) - TOLD} more were refused.", messages.ERROR)


class ReadOnly(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Rows that are looked at, never edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FirstRows(InlineFormSet):
    """The first rows below another, from the database only: whatever a browser sends is ignored."""

    def __init__(self, data: Any = None, files: Any = None, save_as_new: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []

    def get_queryset(self) -> Any:
        if not hasattr(self, "_rows"):
            self._rows = super().get_queryset()[:SHOWN_BELOW]
        return self._rows

    def is_valid(self) -> bool:
        return True

    def save(self, commit: bool = True) -> list[Any]:
        return []


class RowsBelow(ReadOnly, TabularInline):
    """Rows shown on the page of the row that they belong to."""

    formset = FirstRows
    extra = 0
    max_num = 0
    can_delete = False
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)
