"""Writes the table of a report as CSV or XLSX. Amounts are numbers, typed text never becomes a formula."""

import io
from typing import Any

import xlsxwriter

from shop.money.rounding import from_minor
from shop.reports.reading import Reading
from shop.reports.tables import Column, format_plain, write_cells
from shop.web.csv_files import CsvWriter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_csv(reading: Reading) -> bytes:
    """Returns the table as CSV, with a byte order mark, as spreadsheets want it."""
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.write(column.label for column in reading.report.columns)
    for line in reading.table.lines:
        writer.write(write_cells(reading.report, line))
    return ("\ufeff" + text.getvalue()).encode()


def write_xlsx(reading: Reading) -> bytes:
    """Returns the table as a workbook, whose rows are not kept in memory while it is written."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(reading.report.title[:31])
        bold = book.add_format({"bold": True})
        formats = {
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "cost": book.add_format({"num_format": "#,##0.00##"}),
            "rate": book.add_format({"num_format": "0.0"}),
        }
        columns = reading.report.columns
        for number, column in enumerate(columns):
            sheet.set_column(number, number, 14 if column.is_number else 24, formats.get(column.type))
            sheet.write_string(0, number, column.label, bold)
        for row, line in enumerate(reading.table.lines, start=1):
            for number, column in enumerate(columns):
                _write_xlsx_cell(sheet, row, number, line.values[column.name], column)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def _write_xlsx_cell(sheet: Any, row: int, number: int, value: Any, column: Column) -> None:
    if value is None:
        return
    if column.type in ("amount", "rate"):
        sheet.write_number(row, number, float(from_minor(value, 2 if column.type == "amount" else 1)))
    elif column.is_number:
        sheet.write_number(row, number, float(value))
    else:
        sheet.write_string(row, number, format_plain(value, column))
