"""Broken Turtle is told with line, column and expectation; subjects are found where they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wir2graph import turtle
from wir2graph.findings import Finding, InputError

PREFIX = "@prefix a: <http://a.example/> .\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        (PREFIX + 'a:b a:c "x"\na:d a:e a:f .', 3, 1, "ein Punkt am Ende"),
        (PREFIX + 'a:b q:c "x" .', 2, 5, "der Präfix q: ist nicht vereinbart"),
        ("<a> <http://b.example/> 1 .", 1, 1, "@base"),
        (PREFIX + 'a:b a:c "x\n" .', 2, 11, "schließendes Anführungszeichen"),
        (PREFIX + "a:b a:c <http://x y> .", 2, 9, "unerlaubtes Zeichen"),
        (PREFIX + "a:b a:c .", 2, None, "erwartet wurde ein Wert"),
    ],
)
def test_a_syntax_error_names_line_column_and_expectation(
    text: str, line: int, column: int | None, expected: str,
) -> None:
    with pytest.raises(InputError) as caught:
        turtle.parse(text.encode(), "plan/quelle/datei.ttl")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.file, finding.line) == ("TurtleSyntax", "plan/quelle/datei.ttl", line)
    assert column is None or finding.column == column
    assert expected in finding.message_de
    assert "Parser error" not in finding.message_en


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    found: tuple[Finding, ...] = ()
    try:
        turtle.parse(data, "x.ttl")
    except InputError as error:
        found = error.findings
    assert all(finding.line is not None and finding.message_de for finding in found)


def test_subjects_are_found_with_base_prefix_and_line() -> None:
    text = """@base <http://a.example/id/> .
@prefix p: <http://p.example/> .
PREFIX q: <http://q.example/>
# <comment>

<kind/one>
  a p:Thing .
p:two a p:Thing .
q:drei.vier a p:Thing .
<http://b.example/x> a p:Thing .
"""
    assert list(turtle.subjects(text)) == [
        ("http://a.example/id/kind/one", 6),
        ("http://p.example/two", 8),
        ("http://q.example/drei.vier", 9),
        ("http://b.example/x", 10),
    ]
