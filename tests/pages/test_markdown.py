"""Texts of operators and plans: shown as written, and able to do no harm."""

from __future__ import annotations

import pytest

from tests.pages.document import parse
from wir2graph.pages.markdown import markdown


def test_paragraphs_lines_lists_and_links_are_shown() -> None:
    text = "Verein\nBeispielweg 1\n\n- eins\n- [zwei](https://other.example/)\n- [Post](mailto:a@b.example)"
    found = parse(markdown(text))
    assert [p.text() for p in found.find("p", class_="kern-body")] == ["Verein Beispielweg 1"]
    assert len(found.find("br")) == 1
    assert [li.text() for li in found.find("li")] == ["eins", "zwei", "Post"]
    assert [(a.attributes["href"], a.attributes.get("rel")) for a in found.find("a", class_="link")] == [
        ("https://other.example/", "external"), ("mailto:a@b.example", None),
    ]


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "a <b onclick='x'>b</b>", "[x](javascript:alert(1))", "[x](data:text/html,x)",
    "![picture](https://other.example/picture.png)", "<img src=https://other.example/x>", "<style>*{}</style>",
])
def test_nothing_but_text_comes_of_html_scripts_and_pictures(text: str) -> None:
    found = parse(markdown(text))
    harmful = [e for e in found.walk() if e.tag not in ("#root", "p", "a")]
    assert harmful == []
    assert all(e.attributes["href"].startswith("https://other.example/") for e in found.find("a"))
    assert found.text()


@pytest.mark.parametrize(("text", "top", "levels"), [
    ("# A\n\n## B\n\n# C", 2, ["h2", "h3", "h2"]),
    ("## A\n\n#### B\n\n### C", 2, ["h2", "h3", "h3"]),
    ("### A\n\n# B", 3, ["h3", "h3"]),
    ("# A\n## B\n### C\n#### D\n##### E\n###### F", 3, ["h3", "h4", "h5", "h6", "h6", "h6"]),
])
def test_headings_stand_below_those_of_the_page_and_leave_no_level_out(text: str, top: int, levels: list[str]) -> None:
    assert [e.tag for e in parse(markdown(text, top)).walk() if e.tag[0] == "h"] == levels
