"""Any data: quads of a fictional plan for property-based tests."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import strategies as st

SPACE = "https://daten.example/"

letters = st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0")
iris = st.builds(lambda name: ox.NamedNode(f"{SPACE}id/{name}"), st.sampled_from(["a", "b", "c", "é", "oe/1.2"]))
predicates = st.builds(lambda name: ox.NamedNode(f"{SPACE}def#{name}"), st.sampled_from(["p", "q"]))
graphs = st.builds(lambda name: ox.NamedNode(f"{SPACE}id/graph/{name}"),
                   st.sampled_from(["x", "redaktion", "abgeleitet"]))
literals = st.one_of(
    st.text(letters, max_size=6).map(ox.Literal),
    st.builds(lambda value, tag: ox.Literal(value, language=tag), st.text(letters, max_size=4),
              st.sampled_from(["de", "en"])),
    st.integers(-9, 9).map(ox.Literal),
)
quads = st.frozensets(st.builds(ox.Quad, iris, predicates, st.one_of(iris, literals), graphs), max_size=8)
