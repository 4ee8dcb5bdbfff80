"""Pages of reports: their list, a report, its downloads, and the rows behind a figure."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from shop.reports import downloads
from shop.reports.charts import draw
from shop.reports.days import make_presets
from shop.reports.definitions import REPORTS, get_report
from shop.reports.drill_down import FACT_LISTS, WITHOUT, read_keys, read_rows, write_query
from shop.reports.errors import UnknownReport
from shop.reports.forms import DaysForm
from shop.reports.pages import GROUPS, show_row, show_sums, show_table
from shop.reports.reading import read_report
from shop.reports.tables import ROW_LIMIT, Report
from shop.web.export_slots import ExportSlot
from shop.web.requests import StaffRequest, parse_whole_number, require_permission

FORMATS = {
    "csv": (downloads.write_csv, downloads.CSV_TYPE),
    "xlsx": (downloads.write_xlsx, downloads.XLSX_TYPE),
}


@require_safe
@require_permission("view_reports")
def report_list(request: StaffRequest) -> HttpResponse:
    groups = [(title, [REPORTS[name] for name in names]) for title, names in GROUPS.items()]
    return render(request, "reports/list.html", {"groups": groups, "chosen": _get_chosen(request)})


@require_safe
@require_permission("view_reports")
def report_detail(request: StaffRequest, name: str) -> HttpResponse:
    """Renders a report of the days that the form asks for; the form with its errors is answered with 422."""
    report = _get_report(name)
    form = _make_form(request, report)
    days = form.get_days()
    is_valid = form.is_valid()
    compare = is_valid and form.cleaned_data["compare"]
    context = {"report": report, "form": form, "days": days, "presets": _list_presets(form, report)}
    context["chosen"] = _get_chosen(request)
    if is_valid:
        reading = read_report(report, days, limit=ROW_LIMIT, compare=compare)
        context |= {"reading": reading, "chart": draw(reading), "table": show_table(reading)}
        context["query"] = urlencode(days.query)
    return render(request, "reports/detail.html", context, status=200 if is_valid else 422)


@require_safe
@require_permission("view_reports")
def report_download(request: StaffRequest, name: str, format: str) -> HttpResponse:  # noqa: A002 (of the address)
    """Answers with the whole table as a file. Raises ExportUnderWay while this user downloads another one."""
    report = _get_report(name)
    form = _make_form(request, report)
    if format not in FORMATS or not form.is_valid():
        raise Http404
    write, content_type = FORMATS[format]
    days = form.get_days()
    slot = ExportSlot(request.user.pk)
    try:
        body = write(read_report(report, days)) if request.method == "GET" else b""
    finally:
        slot.end()
    of = days if report.of_days else (timezone.localdate(),)
    file = f"{name}-{'-'.join(map(str, of))}.{format}"
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{file}"'}
    )


@require_safe
@require_permission("view_reports")
def report_rows(request: StaffRequest, kind: str) -> HttpResponse:
    """Lists the facts behind a figure, with the sum that the figure shows."""
    if kind not in FACT_LISTS:
        raise Http404
    fact_list = FACT_LISTS[kind]
    form = DaysForm(request.GET)
    if not form.is_valid():
        raise Http404
    try:
        keys = read_keys(fact_list, request.GET.dict(), request.GET.getlist(WITHOUT))
    except ValueError:
        raise Http404 from None
    days, after = form.get_days(), parse_whole_number(request.GET.get("after"))
    found = read_rows(fact_list, days, keys, after)
    context = {"found": found, "days": days, "at": timezone.localtime()}
    context |= {"rows": [show_row(row) for row in found.rows], "figures": show_sums(found)}
    context["next"] = write_query({**days.query, **keys, "after": found.next or ""})
    return render(request, "reports/rows.html", context)


def _get_report(name: str) -> Report:
    try:
        return get_report(name)
    except UnknownReport:
        raise Http404 from None


def _make_form(request: StaffRequest, report: Report) -> DaysForm:
    """Returns the form of a report's days. A report of now has none, whatever was sent."""
    return DaysForm(request.GET if report.of_days else {})


def _get_chosen(request: StaffRequest) -> str:
    """Returns the days that were asked for as they were sent, for the links to other reports.

    They are left out if they are not valid.
    """
    if not DaysForm(request.GET).is_valid():
        return ""
    return urlencode({name: request.GET[name] for name in DaysForm.base_fields if name in request.GET})


def _list_presets(form: DaysForm, report: Report) -> list[dict[str, object]]:
    """Returns the label and the address of each preset, and whether its days are shown."""
    valid = form.is_valid()
    chosen = form.cleaned_data.get("preset") if valid else ""
    more = {"compare": "on"} if valid and form.cleaned_data["compare"] else {}
    path = reverse("report-detail", args=[report.name])
    return [
        {
            "label": label,
            "address": f"{path}?{urlencode({'range': name, **more})}",
            "is_shown": name == chosen,
        }
        for name, (label, _) in make_presets(timezone.localdate()).items()
    ]
