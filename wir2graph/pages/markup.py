"""Values as HTML, with who says them. Pages show values many times over, and macros of templates would be far slower.

Inside, HTML is plain text in which each text of the data is escaped; what templates call returns it marked as HTML.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from markupsafe import Markup

from wir2graph.pages.model import Group, Heading, Row, Speaker, Statement, Table, Value, View
from wir2graph.pages.said import PRINTED

_P = ParamSpec("_P")

_BADGES: Final = {"accepted": "success", "disputed": "warning"}
"""The colour of a claim's status; others are told without one."""
_NAME: Final = Heading("", "", numeric=False, header=True, translated=False, open=False)
_CELL: Final = Heading("", "", numeric=False, header=False, translated=False, open=False)


def initial(text: str) -> str:
    """Return a text, or HTML, with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def _marked(write: Callable[Concatenate[Shown, _P], str]) -> Callable[Concatenate[Shown, _P], Markup]:
    """Return the method for templates, which do not escape what it returns."""
    @wraps(write)
    def marked(shown: Shown, /, *args: _P.args, **kwargs: _P.kwargs) -> Markup:
        return Markup(write(shown, *args, **kwargs))
    return marked


class Shown:
    """Shows values on one page, with the texts of its language; `best` chooses between texts in several languages."""

    def __init__(
        self, page: View, texts: Mapping[str, Any], best: Callable[[Iterable[Value]], tuple[Value, ...]],
    ) -> None:
        self._language = page.language
        self._texts = texts
        self._best = best
        self._explained = page.iri is not None
        original = page.plan.original if page.plan else page.language
        self._original_lang = f' lang="{_escape(original)}"' if original != page.language else ""
        self._signs: dict[tuple[str, str], str] = {}

    def anchor(self, speaker: Speaker) -> str:
        """Return the name of the place where the sign of a speaker is explained."""
        return f"wer-{speaker.sign.lower().replace(' ', '-')}"

    def _tag(self, value: Value) -> str:
        """Return the tag of a text that is not in the language of the page, with a space before it; else nothing.

        A place in a source has none: it is called as the source calls it, like a quote.
        """
        if value.speaker:
            return ""
        return f' <span class="tag" lang="{self._language}">({_escape(value.lang)})</span>' if value.lang else ""

    def _named(self, value: Value) -> str:
        """Return what a thing is called: its code before the name, which is marked where it is in another language."""
        text = _escape(value.text)
        if value.lang and (value.code or not value.href):
            text = f'<span lang="{_escape(value.lang)}">{text}</span>'
        if value.code and not value.text.startswith(value.code):
            text = f'<span class="code">{_escape(value.code)}</span> {text}'
        return text

    def _show(self, value: Value) -> str:
        """Return a value: a link where there is a page, the tag of a foreign language behind it."""
        name = self._named(value)
        if value.href:
            external = ' rel="external"' if value.external else ""
            lang = f' lang="{_escape(value.lang)}"' if value.lang and not value.code else ""
            name = f'<a class="link" href="{_escape(value.href)}"{external}{lang}>{name}</a>'
        return name + self._tag(value) if value.lang else name

    def _original(self, value: Value) -> str:
        """Return text that is taken over from a source, which is in the language of the plan's documents."""
        text = _escape(value.text)
        return f"<span{self._original_lang}>{text}</span>" if self._original_lang else text

    def _by(self, speakers: Iterable[Speaker]) -> str:
        """Return the signs of those who say something; parts/speakers.html explains them."""
        return "".join([self._sign(speaker) for speaker in speakers])

    def _sign(self, speaker: Speaker) -> str:
        key = speaker.sign, speaker.name.text
        if key not in self._signs:
            sign = _escape(speaker.sign)
            who = _escape(self._texts["said"]["by"].format(name=speaker.name.text))
            self._signs[key] = (
                f'&nbsp;<a class="by" href="#{_escape(self.anchor(speaker))}" title="{who}"'
                f' aria-label="{sign}, {who}">{sign}</a>'
            )
        return self._signs[key]

    def _told(self, value: Value, proved: bool = False) -> str:
        """Return a value with who says so; where the row shows the evidence (`proved`), that already tells it."""
        text = self._show(value)
        if value.speaker and self._explained:  # only pages of resources explain the signs
            text += self._sign(value.speaker)
        if value.said:
            text += ("" if proved else self._by(value.said.speakers)) + self._notes(value.said)
        return text

    def _all(self, values: Sequence[Value], proved: bool = False) -> str:
        """Return values with who says so: one, or several as a list."""
        return _listed([self._told(value, proved) for value in values])

    def _every(self, values: Iterable[Value]) -> str:
        """Return values beside which nobody says anything: one, or several as a list."""
        return _listed([self._show(value) for value in values])

    def _items(self, rows: Iterable[Row], variable: str) -> str:
        """Return the first value of each row as an item of a list."""
        return "\n".join([f"<li>{self._show(row[variable][0])}</li>" for row in rows])

    def _statement(self, entry: Statement) -> str:
        """Return a value, by whom it is said, and what claims add; what does not hold is marked before it is read."""
        text = f"{self._doubts(entry)}{self._stated(entry)}{self._by(entry.speakers)}{self._notes(entry, entry.holds)}"
        return text if entry.holds else f'<span class="rejected">{text}</span>'

    def _statements(self, entries: Sequence[Statement]) -> str:
        """Return statements: one, or several as a list."""
        return _listed([self._statement(entry) for entry in entries])

    def _stated(self, entry: Statement) -> str:
        return self._original(entry.value) if entry.printed else self._show(entry.value)

    def _doubts(self, entry: Statement) -> str:
        """Return why a statement does not hold."""
        return "" if entry.holds else "".join([f"{self._status(value)} " for value in entry.statuses])

    def _notes(self, entry: Statement, statuses: bool = True) -> str:
        """Return what claims add to a statement, each part with a space before it."""
        notes = [self._show(value) for value in entry.certainties]
        notes += [self._period(start, end) for start, end in entry.periods]
        against = _escape(self._texts["said"]["contradiction"])
        notes += [f"{against} {self._show(value)}" for value in entry.contradictions]
        found = [self._status(value) for value in entry.statuses] if statuses and entry.contradictions else []
        found += [f'<span class="note">{note}</span>' for note in notes]
        return "".join([f" {text}" for text in found])

    def _status(self, value: Value) -> str:
        """Return the status of a claim: a word, a sign and a colour."""
        kind = _BADGES.get((value.iri or "").rpartition("#")[2], "info")
        lang = f' lang="{_escape(value.lang)}"' if value.lang else ""
        return (
            f'<span class="kern-badge kern-badge--small kern-badge--{kind}">'
            f'<span class="kern-icon kern-icon--{kind}" aria-hidden="true"></span>'
            f'<span class="kern-label"{lang}>{_escape(value.text)}</span></span>'
        )

    def _validity(self, row: Row) -> str:
        """Return the period of validity of a row with `from` and `until`."""
        return self._period(next(iter(row["from"]), None), next(iter(row["until"]), None))

    def _period(self, start: Value | None, end: Value | None) -> str:
        """Return since when, until when, or from when to when something is so; either may be open."""
        if start and end:
            return _escape(self._texts["said"]["between"].format(start=start.text, end=end.text))
        if start:
            return _escape(self._texts["said"]["since"].format(start=start.text))
        return _escape(self._texts["said"]["until"].format(end=end.text)) if end else ""

    def _cell(self, column: Heading, values: Sequence[Value], proved: bool = False) -> str:
        """Return what stands in a cell; `proved` says that the row shows the evidence."""
        if column.open and not values:
            return f'<span class="open">{_escape(self._texts["table"]["open"])}</span>'
        if column.variable == "quote":
            return _listed([f"<q>{self._original(value)}</q>" for value in values])
        shown = self._best(values) if column.translated else values
        if column.variable in PRINTED or column.variable.endswith("Period"):
            return _listed([self._original(value) for value in shown])
        return self._all(shown, proved)

    def _rows(self, columns: Sequence[Heading], rows: Iterable[Row]) -> str:
        """Return the rows of a table."""
        proved = any(column.variable == "evidence" for column in columns)
        return "\n".join([
            _row([(column, self._cell(column, row[column.variable], proved)) for column in columns]) for row in rows
        ])

    def _terms(self, table: Table, variable: str) -> str:
        """Return the rows of a table of terms with their short names; each is where the IRI of its term leads."""
        return "\n".join([self._term(table.columns, row, variable) for row in table.rows])

    def _term(self, columns: Sequence[Heading], row: Row, variable: str) -> str:
        [term] = row[variable]
        short = (term.iri or "").partition("#")[2]
        names = self._best(row["name"]) if "name" in row else row[variable]
        called = "".join([f"{initial(self._named(name))}{self._tag(name)}<br>" for name in names])
        cells = [
            (column, f"{called}<code>{_escape(short)}</code>") if column.variable == variable
            else (column, self._every(self._best(row[column.variable]) if column.translated else row[column.variable]))
            for column in columns
        ]
        return _row(cells, f' id="{_escape(term.anchor or short)}"')

    def _facts(self, groups: Iterable[Group]) -> str:
        """Return the rows of the table of all that is said: the property, the value, and everybody who says so."""
        return "\n".join([
            self._fact(named.name, entry) for group in groups for named in group.properties
            for entry in named.statements
        ])

    def _fact(self, name: Value, entry: Statement) -> str:
        value = f"{self._doubts(entry)}{self._stated(entry)}{self._notes(entry, entry.holds)}"
        speakers = self._every(speaker.name for speaker in entry.speakers)
        return _row([(_NAME, self._show(name)), (_CELL, value), (_CELL, speakers)])

    tag, named, show, original = _marked(_tag), _marked(_named), _marked(_show), _marked(_original)
    by, told, all, every = _marked(_by), _marked(_told), _marked(_all), _marked(_every)
    statement, statements, notes, status = _marked(_statement), _marked(_statements), _marked(_notes), _marked(_status)
    validity, cell = _marked(_validity), _marked(_cell)
    items, rows, terms, facts = _marked(_items), _marked(_rows), _marked(_terms), _marked(_facts)


def _escape(text: str) -> str:
    return html.escape(text)


def _listed(items: Sequence[str]) -> str:
    if len(items) == 1:
        return items[0]
    return f'<ul class="values"><li>{"</li><li>".join(items)}</li></ul>' if items else ""


def _row(cells: Iterable[tuple[Heading, str]], attributes: str = "") -> str:
    written = [
        f'<th scope="row" class="kern-table__header">{cell}</th>' if column.header else
        f'<td class="kern-table__cell{" kern-table__cell--numeric" if column.numeric else ""}">{cell}</td>'
        for column, cell in cells
    ]
    return f'<tr class="kern-table__row"{attributes}>{"".join(written)}</tr>'
