"""All datasets of a plan as one workbook (XLSX): a sheet for each, and one that says what the columns mean."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import xlsxwriter

from wir2graph.downloads.parts import LANGUAGES, Part
from wir2graph.downloads.tables import Field, fields
from wir2graph.plan import Plan

_WIDTH: Final = 28
_LONGEST: Final = 32_767  # characters that a cell may have
_COLUMNS: Final = "Spalten"
_HEADINGS: Final = ("Blatt / sheet", "Spalte", "Column", "Bedeutung", "Meaning")


def as_workbook(plan: Plan, tables: Sequence[tuple[Part, Sequence[Sequence[str]]]]) -> bytes:
    """Return the workbook; names of columns are German. The same tables always give the same bytes."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        day = plan.released
        book.set_properties({"title": plan.title["de"], "created": datetime(day.year, day.month, day.day)})
        heading = book.add_format({"bold": True, "valign": "top"})
        about = book.add_worksheet(_COLUMNS)
        about.write_row(0, 0, _HEADINGS, heading)
        row = 1
        for part, _ in tables:
            for field in fields(part):
                names, meanings = ([texts[language] for language in LANGUAGES] for texts in (field.names, field.about))
                about.write_row(row, 0, [part.name, *names, *meanings])
                row += 1
        _finish(about, row, len(_HEADINGS))
        for part, rows in tables:
            columns = fields(part)
            sheet = book.add_worksheet(part.name)
            sheet.write_row(0, 0, [field.names["de"] for field in columns], heading)
            for number, cells in enumerate(rows, 1):
                sheet.write_row(number, 0, map(_cell, columns, cells))
            _finish(sheet, len(rows) + 1, len(columns))
    return file.getvalue()


def _cell(field: Field, text: str) -> str | float:
    """Return a number as a number, where the cell holds a single one."""
    if field.datatype in ("integer", "decimal") and text:
        try:
            return float(Decimal(text))
        except InvalidOperation:
            pass  # several values
    return text[:_LONGEST]


def _finish(sheet: xlsxwriter.worksheet.Worksheet, rows: int, columns: int) -> None:
    sheet.set_column(0, columns - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, rows - 1), columns - 1)
