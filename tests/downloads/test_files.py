"""What a build writes for portals: every dataset in every format, the same graph in each, tables as described."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from tests.downloads.conftest import Written
from wir2graph import downloads
from wir2graph.dataset import Dataset
from wir2graph.downloads.jsondoc import as_json
from wir2graph.downloads.licences import licence_name, licence_of
from wir2graph.downloads.tables import fields
from wir2graph.plan import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, WIR
from wir2graph.represent.rdf import canonical_blank_nodes

NAMES = ["massnahmen", "stellen", "ziele", "foerderung", "kennzahlen", "quellen", "gesamt", "vokabular"]
GRAPHS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "json": "json-ld"}
TYPE = PREFIXES["rdf"] + "type"


def graph(written: Written, name: str, suffix: str = "nt", syntax: str = "nt") -> Graph:
    return Graph().parse(data=(written.folder / f"{name}.{suffix}").read_bytes(), format=syntax)


def canonical(graph: Graph) -> set[str]:
    """Return the statements with blank nodes named after their place (rdflib takes minutes to compare them)."""
    triples = ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    return {str(triple) for triple in canonical_blank_nodes(quad.triple for quad in triples)}


def table(written: Written, name: str, suffix: str = "csv") -> list[dict[str, str]]:
    text = (written.folder / f"{name}.{suffix}").read_bytes().decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_dataset_has_every_file_and_the_list_tells_their_sizes_and_hashes(written: Written) -> None:
    files = downloads.read_files(written.folder)
    suffixes = {*downloads.ABOUT, "README.md"} - {"xlsx"}
    assert list(downloads.parts()) == NAMES
    assert {(file.dataset, file.suffix) for file in files} == {
        *((name, suffix) for name in NAMES for suffix in suffixes), ("gesamt", "xlsx"),
    }
    assert {path.name for path in written.folder.iterdir()} == {downloads.LIST, *(file.name for file in files)}
    for file in files:
        body = (written.folder / file.name).read_bytes()
        assert (file.size, file.sha256) == (len(body), hashlib.sha256(body).hexdigest())


def test_every_format_holds_the_same_graph(written: Written) -> None:
    for name in NAMES:
        expected = graph(written, name)
        assert len(expected) > 0 or name in ("foerderung", "kennzahlen", "ziele")
        for suffix, syntax in GRAPHS.items():
            found = graph(written, name, suffix, syntax)
            assert canonical(found) == canonical(expected), f"{name}.{suffix}"


def test_the_whole_graph_is_the_plans_and_every_dataset_is_a_part_of_it(written: Written) -> None:
    whole = set(graph(written, "gesamt"))
    assert len(whole) == len(written.triples)
    for name in NAMES[:6]:
        part = set(graph(written, name))
        assert part < whole, name


def test_a_dataset_describes_its_things_with_evidence_and_labels(dataset: Dataset, written: Written) -> None:
    measures = graph(written, "massnahmen")
    own = {t for t in written.triples if t.subject in {
        s.subject for s in written.triples if s.predicate.value == TYPE and s.object == ox.NamedNode(f"{WIR}Measure")
    }}
    found = {(str(s), str(p), str(o)) for s, p, o in measures}
    assert own
    for triple in own:
        assert (triple.subject.value, triple.predicate.value, triple.object.value) in found  # type: ignore[union-attr]
        if triple.predicate.value == f"{WIR}evidence":
            assert any(s == triple.object.value and p == f"{WIR}quote" for s, p, _ in found)  # type: ignore[union-attr]
        if triple.predicate.value == f"{WIR}inField":
            assert any(s == triple.object.value and p.endswith("#prefLabel") for s, p, _ in found)  # type: ignore[union-attr]


def test_tables_have_the_described_columns_and_a_row_for_each_thing(written: Written) -> None:
    for name, part in downloads.parts().items():
        for suffix, language in (("csv", "de"), ("en.csv", "en")):
            rows = table(written, name, suffix)
            names = [field.names[language] for field in fields(part)]
            assert len(set(names)) == len(names)
            assert all(list(row) == names for row in rows)
            if name == "gesamt":
                assert len(rows) == len(written.triples)
            else:
                assert len({row["iri"] for row in rows}) == len(rows)
    kinds = Counter(t.object.value for t in written.triples
                    if t.predicate.value == TYPE and isinstance(t.object, ox.NamedNode))
    found = Counter(row["art_iri"] for name in NAMES[:6] for row in table(written, name))
    for name in ("Measure", "Goal", "AdministrativeUnit", "Body", "Call", "FundedProject", "Evidence", "Claim",
                 "Contradiction", "SourceDocument", "StatedValue"):
        assert found[WIR + name] == kinds[WIR + name], name
    assert found[f"{WIR}Measure"] > 0


def test_a_row_of_the_fictional_plan_is_as_read_by_hand(written: Written) -> None:
    if written.plan.slug != "musterstadt":
        assert table(written, "massnahmen")[0]["nummer"] == "1"
        return
    german, english = table(written, "massnahmen"), table(written, "massnahmen", "en.csv")
    assert [row["nummer"] for row in german] == [row["number"] for row in english]
    row = next(row for row in german if row["iri"].endswith("id/massnahme/gruenplan-raeume-1"))
    other = next(found for found in english if found["iri"] == row["iri"])
    assert (row["art"], other["kind"]) == ("Maßnahme", "measure")
    assert row["handlungsfeld_iri"] == other["action_field_iri"]
    assert row["handlungsfeld"] != other["action_field"]
    assert row["kontakt_wortlaut"] == other["contact_as_printed"] != ""


def test_claims_tell_what_they_claim_with_labels(written: Written) -> None:
    rows = [row for row in table(written, "quellen") if row["art_iri"] == f"{WIR}Claim"]
    assert bool(rows) == (written.plan.slug == "musterstadt")
    for row in rows:
        assert row["angabe_ueber_iri"].startswith("http")
        assert row["eigenschaft_iri"].startswith("http")
        assert row["eigenschaft"] != ""
        assert row["angegebener_wert"] != ""


def test_the_readme_tells_counts_columns_licence_and_citation_in_both_languages(written: Written) -> None:
    for name, part in downloads.parts().items():
        text = (written.folder / f"{name}.README.md").read_text(encoding="utf-8")
        german, english = text.split("\n---\n")
        assert german.startswith(f"# {part.title['de']} – {written.plan.title['de']}\n")
        assert english.strip().startswith(f"# {part.title['en']} – {written.plan.title['en']}\n")
        assert f"Zeilen der Tabelle: {len(table(written, name))}." in german
        assert f"Statements in the graph: {len(graph(written, name))}." in english
        assert written.plan.dataset(name) in german
        for field in fields(part):
            assert f"| `{field.names['de']}` |" in german
            assert f"| `{field.names['en']}` |" in english


def test_the_workbook_holds_every_table(written: Written) -> None:
    book = openpyxl.load_workbook(written.folder / f"{written.plan.slug}.xlsx")
    assert book.sheetnames == ["Spalten", *NAMES]
    for name in NAMES:
        sheet = list(book[name].iter_rows(values_only=True))
        rows = table(written, name)
        assert len(sheet) == len(rows) + 1
        assert list(sheet[0]) == [field.names["de"] for field in fields(downloads.parts()[name])]
    numbers = [cell.value for cell in next(book["massnahmen"].iter_cols(min_col=10, max_col=10))[1:]]
    assert numbers
    assert all(isinstance(number, int) for number in numbers)


def test_the_same_data_give_the_same_bytes(dataset: Dataset, written: Written, tmp_path: Path) -> None:
    again = tmp_path / "again"
    downloads.write(sorted(written.triples, key=str), written.plan, again, dataset.graph(ONTOLOGY_GRAPH),
                    dataset.graph(SHAPES_GRAPH))
    assert (again / downloads.LIST).read_bytes() == (written.folder / downloads.LIST).read_bytes()


def test_without_shapes_there_is_no_vocabulary(dataset: Dataset, written: Written, tmp_path: Path) -> None:
    downloads.write(written.triples, written.plan, tmp_path, dataset.graph(ONTOLOGY_GRAPH))
    assert {file.dataset for file in downloads.read_files(tmp_path)} == set(NAMES) - {"vokabular"}


def test_columns_read_properties_of_the_ontology(dataset: Dataset) -> None:
    defined = {t.subject.value for t in dataset.graph(ONTOLOGY_GRAPH) if isinstance(t.subject, ox.NamedNode)}
    for part in downloads.parts().values():
        read = {name for column in part.columns for name in column.properties}
        for iri in {*part.classes, *part.beside, *read}:
            assert iri in defined or not iri.startswith(WIR), iri


VALUES = st.one_of(
    st.builds(ox.NamedNode, st.sampled_from(["https://e.example/a", "urn:x:b", "https://e.example/x#label"])),
    st.builds(ox.Literal, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), st.text("aä \"\\", max_size=4),
              st.sampled_from(["de", "en", "de-ch"])),
    st.builds(ox.Literal, st.integers()), st.builds(ox.Literal, st.booleans()),
    st.just(ox.Literal("2026-11", datatype=ox.NamedNode(PREFIXES["xsd"] + "gYearMonth"))),
    st.just(ox.Literal("1.50", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))),
)
TRIPLES = st.builds(
    ox.Triple,
    st.sampled_from([ox.NamedNode(iri) for iri in ("https://e.example/s", "urn:s", "https://e.example/t")]),
    st.sampled_from([ox.NamedNode(iri) for iri in (
        "https://e.example/x#label", "https://f.example/y/label", "https://e.example/id", "http://purl.org/dc/terms/type",
        "https://e.example/urn",
    )]),
    VALUES,
)


@settings(deadline=None, max_examples=200)
@given(st.lists(TRIPLES, max_size=12))
def test_plain_json_is_the_same_graph_whatever_the_values(triples: list[ox.Triple]) -> None:
    body = as_json(triples)
    assert body == as_json(reversed(triples))
    found = set(ox.parse(body, format=ox.RdfFormat.JSON_LD))
    assert {quad.triple for quad in found} == set(triples)


def test_plain_json_has_plain_names(written: Written) -> None:
    document = json.loads((written.folder / "massnahmen.json").read_bytes())
    measure = next(item for item in document["items"] if "Measure" in item.get("type", ()))
    assert isinstance(measure["number"], int)
    assert isinstance(measure["prefLabel"]["de"], str)
    assert measure["inField"].startswith(written.plan.namespace)


@pytest.mark.parametrize(("iri", "known"), [
    ("https://www.govdata.de/dl-de/by-2-0", "http://dcat-ap.de/def/licenses/dl-by-de/2.0"),
    ("http://www.govdata.de/dl-de/zero-2-0/", "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"),
    ("https://creativecommons.org/licenses/by/4.0/", "http://dcat-ap.de/def/licenses/cc-by/4.0"),
    ("https://creativecommons.org/publicdomain/zero/1.0/", "http://dcat-ap.de/def/licenses/cc-zero"),
])
def test_licences_are_known_as_the_list_of_portals_has_them(iri: str, known: str) -> None:
    found = licence_of(iri)
    assert found is not None
    assert found.iri == known


def test_an_unknown_licence_is_called_by_its_iri() -> None:
    assert licence_of("https://licence.example/x") is None
    assert licence_name("https://licence.example/x", "de") == "https://licence.example/x"
