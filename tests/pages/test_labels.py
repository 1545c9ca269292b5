from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wir2graph.pages.labels import Labels, Tagged, choose, last_segment

TAGS = st.sampled_from([None, "de", "en", "de-CH", "en-GB", "fr", "tr", "uk", "zh-Hant"])
TAGGED = st.tuples(st.text(max_size=8), TAGS)
ASKED = st.sampled_from(["de", "en"])


def primary(tag: str | None) -> str | None:
    return tag.partition("-")[0] if tag else None


@given(st.lists(TAGGED, max_size=6), ASKED)
def test_the_first_language_of_the_rule_that_there_is_wins(texts: list[Tagged], asked: str) -> None:
    found = choose(texts, asked)
    if found is None:
        assert texts == []
        return
    assert (found.text, found.language) in texts
    spoken = {primary(tag) for _, tag in texts}
    wanted = next((language for language in (asked, "de", "en", None) if language in spoken), primary(found.language))
    assert primary(found.language) == wanted


@given(st.lists(TAGGED, min_size=1, max_size=6).flatmap(lambda t: st.tuples(st.just(t), st.permutations(t))), ASKED)
def test_the_order_of_the_texts_does_not_matter(texts: tuple[list[Tagged], list[Tagged]], asked: str) -> None:
    assert choose(texts[0], asked) == choose(texts[1], asked)


@given(st.lists(TAGGED, min_size=1, max_size=6), ASKED)
def test_only_the_asked_language_goes_without_a_tag(texts: list[Tagged], asked: str) -> None:
    found = choose(texts, asked)
    assert found is not None
    assert found.asked == (primary(found.language) in (None, asked))


def test_a_plain_tag_comes_before_a_regional_one() -> None:
    found = choose([("Strasse", "de-CH"), ("Straße", "de")], "de")
    assert found is not None
    assert found.text == "Straße"


@given(st.text(max_size=40))
def test_a_thing_without_a_label_is_still_called_something(name: str) -> None:
    iri = f"https://example.org/{name}"
    label = Labels({}, {}, {}).of(iri, "en")
    assert label.text
    assert label.asked


def test_the_last_segment_names_what_has_no_label() -> None:
    assert last_segment("https://example.org/id/oe/51.2") == "51.2"
    assert last_segment("https://example.org/def#Measure") == "Measure"
    assert last_segment("https://example.org/id/oe/") == "oe"
    assert last_segment("urn:isbn:123") == "123"
