"""Hits are marked where they stand, and snippets show them."""

from __future__ import annotations

from wir2graph.release import Release
from wir2graph.search.marks import Marks


def marked(marks: Marks, text: str) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in marks.fragments(text))


def test_forms_beginnings_and_parts_are_marked(release: Release) -> None:
    assert marked(release.search.find("Bach", "de").marks, "Zwei Bäche, ein Bach.") == "Zwei [Bäche], ein [Bach]."
    assert marked(release.search.find("Stadtentw", "de").marks, "Die Stadtentwässerung.") == "Die [Stadtentwässerung]."
    assert marked(release.search.find("Anwohner", "de").marks, "Anwohner*innen") == "[Anwohner*innen]"
    assert marked(release.search.find("<b>", "de").marks, "<b>a</b>") == "<[b]>a</[b]>"


def test_a_snippet_begins_near_the_first_hit_and_is_short() -> None:
    marks = Marks({"wasser": {"de": "wass", "en": "wasser"}})
    marks.stem("wasser")
    text = f"{'Anfang ' * 40}Wasser{' Ende' * 40}"
    fragments, language = marks.snippet([("Nothing here.", "en"), (text, "de")], "en")
    assert language == "de"
    assert [part.text for part in fragments if part.hit] == ["Wasser"]
    assert fragments[0].text.startswith("…")
    assert fragments[-1].text.endswith("…")
    assert len("".join(part.text for part in fragments)) < 200


def test_without_a_hit_the_text_in_the_language_of_the_reader_is_shown() -> None:
    marks = Marks({})
    assert marks.snippet([("Deutsch.", "de"), ("English.", "en")], "en")[1] == "en"
    assert marks.snippet([], "de") == ((), None)
