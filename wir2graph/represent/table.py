"""Tables of pages as files: CSV that opens by a double click, and XLSX.

A file has the columns of the table in the language of the page and, behind each column of things, one with their IRIs,
the same ones whatever is chosen in a list.
German CSV is what a German Excel opens: byte order mark, semicolons, decimal commas; English CSV follows RFC 4180.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Final

import xlsxwriter

from wir2graph.formats import TABLES, XLSX, Format, split_suffix
from wir2graph.pages.model import Table, Value
from wir2graph.pages.queries import ANSWER
from wir2graph.represent.base import Address, Representation, strong_etag
from wir2graph.represent.links import links
from wir2graph.urls import table_path

if TYPE_CHECKING:
    from wir2graph.pages.index import PageIndex
    from wir2graph.release import Release

_BETWEEN: Final = " | "
_WIDEST: Final = 60
_SHEET_NAME: Final = 31
_SHEET_CHARACTERS: Final = re.compile(r"[\[\]:*?/\\']")

Cell = str | float


def addresses(release: Release) -> Iterator[Address]:
    """Yield the addresses of the tables that pages describe themselves: `<page>/<table>.csv` and `.xlsx`.

    A table without any row is not published, and no page refers to it.
    What the pages of all resources share is to be had there, too, but is not published: it says what their data do.
    """
    index = release.pages.index
    for page in index.addresses():
        for name in _own(index, page):
            if _name(page, name) in release.tables:
                for item in TABLES:
                    yield of_page(page, name, item)


def filled(release: Release) -> list[str]:
    """Return the names of the tables that have a row, each once: only these are published.

    To ask for all of them takes seconds, so that a build does.
    """
    index = release.pages.index
    tables = {_name(page, name): (page, name) for page in index.addresses() for name in _own(index, page)}
    return [called for called, (page, name) in tables.items() if release.pages.has_rows(page, name)]


def _own(index: PageIndex, page: Address) -> Iterator[str]:
    yield from index.folders[page.page or ""].own_tables
    if page.question:
        yield ANSWER


def _name(page: Address, table: str) -> str:
    """Return what a table is called, whatever its language: the part of a source is told by the page's own address."""
    return f"{page.resource}/{table}"


def of_page(page: Address, name: str, item: Format) -> Address:
    """Return the address of one table of a page as a file."""
    path = table_path(page.path, name, item)
    return replace(
        page, path=path, kind="table", media_type=item.media_type, resource=split_suffix(path)[0], table=name,
    )


def represent(release: Release, address: Address) -> Representation:
    """Return one table as a file. Raises KeyError when the page has no such table."""
    table = release.pages.table(address)
    rows = list(_rows(table))
    if address.media_type == XLSX.media_type:
        body = _workbook(table, rows, _day(release, address))
    else:
        body = _csv(rows, german=address.language == "de")
    return Representation(
        address.media_type, address.language, body, strong_etag(body), release.built, links(release, address),
    )


def _rows(table: Table) -> Iterator[list[Cell]]:
    """Yield the headings and the rows: for each column its texts, and where they are things their IRIs."""
    yield [text for column in table.columns
           for text in ([column.text, f"{column.text} (IRI)"] if column.things else [column.text])]
    for row in table.rows:
        cells: list[Cell] = []
        for column in table.columns:
            values = row[column.variable]
            cells.append(_cell(values))
            if column.things:
                cells.append(_BETWEEN.join(value.iri for value in values if value.iri))
        yield cells


def _cell(values: Sequence[Value]) -> Cell:
    if len(values) == 1 and values[0].number is not None:
        return values[0].number
    return _BETWEEN.join(_text(value) for value in values)


def _text(value: Value) -> str:
    return f"{value.code} {value.text}" if value.code and not value.text.startswith(value.code) else value.text


def _csv(rows: Sequence[Sequence[Cell]], *, german: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if german else ",", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_written(cell, german=german) for cell in row])
    return text.getvalue().encode("utf-8-sig" if german else "utf-8")


def _written(cell: Cell, *, german: bool) -> str:
    if isinstance(cell, str):
        return cell
    written = str(int(cell)) if cell == int(cell) else str(cell)
    return written.replace(".", ",") if german else written


def _day(release: Release, address: Address) -> date:
    """Return the day of which the data of a table are."""
    plans = [plan for plan in release.plans if address.plan in (None, plan.slug)]
    return max((plan.released for plan in plans), default=date(1980, 1, 1))


def _sheet_name(text: str) -> str:
    """Return a text as the name of a sheet: what is too long ends after a word, and says so."""
    return shorten(_SHEET_CHARACTERS.sub(" ", text), _SHEET_NAME, placeholder=" …")


def _workbook(table: Table, rows: Sequence[Sequence[Cell]], day: date) -> bytes:
    """Return a workbook with one sheet; the same table always gives the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": table.caption, "created": datetime(day.year, day.month, day.day)})
        sheet = book.add_worksheet(_sheet_name(table.caption or table.name))
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row, wrapped if number else heading)
        for column, cells in enumerate(zip(*rows, strict=True)):
            sheet.set_column(column, column, min(_WIDEST, max(len(str(cell)) for cell in cells) + 2))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows) - 1), max(0, len(rows[0]) - 1))
    return file.getvalue()
