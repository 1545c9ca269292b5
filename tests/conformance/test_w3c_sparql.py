"""The W3C's test suites for SPARQL 1.0 and 1.1 Query through the front door: `serve --data`, HTTP, and its datasets.

All data of the suites lie in one file of N-Quads, each file of theirs in a graph that its address names; a request
names the graphs of its case (SPARQL 1.1 Protocol, 2.1.4). The suites come with the source distribution of rdflib. Left
out are updates, entailment (the endpoint has none) and SERVICE, which it refuses.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

import httpx
import pyoxigraph as ox
import pytest

from tests.conformance.w3c_sparql import Answer, Case, Suite, expected, read_csv, read_result, same
from tests.serving import PATIENCE, serving

REQUIREMENT: Final = Path(__file__).with_name("w3c-sparql.txt")
WITHIN: Final = PurePosixPath("test/data/suites/w3c")
# The groups of cases, and how many there are in each.
GROUPS: Final[Mapping[str, int]] = {
    "sparql11/aggregates": 28,
    "sparql11/bind": 10,
    "sparql11/bindings": 10,
    "sparql11/construct": 6,
    "sparql11/csv-tsv-res": 6,
    "sparql11/exists": 5,
    "sparql11/functions": 61,
    "sparql11/grouping": 6,
    "sparql11/json-res": 4,
    "sparql11/negation": 11,
    "sparql11/project-expression": 7,
    "sparql11/property-path": 24,
    "sparql11/subquery": 14,
    "sparql11/syntax-query": 86,
    "dawg-data-r2/algebra": 14,
    "dawg-data-r2/ask": 4,
    "dawg-data-r2/basic": 27,
    "dawg-data-r2/bnode-coreference": 1,
    "dawg-data-r2/boolean-effective-value": 7,
    "dawg-data-r2/bound": 1,
    "dawg-data-r2/cast": 7,
    "dawg-data-r2/construct": 5,
    "dawg-data-r2/dataset": 15,
    "dawg-data-r2/distinct": 11,
    "dawg-data-r2/expr-builtin": 24,
    "dawg-data-r2/expr-equals": 12,
    "dawg-data-r2/expr-ops": 7,
    "dawg-data-r2/graph": 12,
    "dawg-data-r2/i18n": 5,
    "dawg-data-r2/open-world": 18,
    "dawg-data-r2/optional": 7,
    "dawg-data-r2/optional-filter": 6,
    "dawg-data-r2/reduced": 2,
    "dawg-data-r2/regex": 4,
    "dawg-data-r2/solution-seq": 13,
    "dawg-data-r2/sort": 13,
    "dawg-data-r2/syntax-sparql1": 81,
    "dawg-data-r2/syntax-sparql2": 53,
    "dawg-data-r2/syntax-sparql3": 51,
    "dawg-data-r2/syntax-sparql4": 12,
    "dawg-data-r2/syntax-sparql5": 2,
    "dawg-data-r2/triple-match": 4,
    "dawg-data-r2/type-promotion": 30,
}
# What a case gets wrong here, and why: the engine, or a standard that has changed since.
KNOWN_FAILURES: Final[Mapping[str, str]] = {
    **dict.fromkeys((
        "sparql11/csv-tsv-res/csv03",
        "sparql11/csv-tsv-res/tsv03",
        "dawg-data-r2/basic/term-6",
        "dawg-data-r2/distinct/distinct-1",
        "dawg-data-r2/distinct/distinct-9",
        "dawg-data-r2/expr-builtin/dawg-str-1",
        "dawg-data-r2/expr-builtin/dawg-str-2",
        "dawg-data-r2/expr-builtin/sameTerm-simple",
        "dawg-data-r2/expr-builtin/sameTerm-eq",
        "dawg-data-r2/expr-builtin/sameTerm-not-eq",
        "dawg-data-r2/expr-equals/eq-graph-1",
        "dawg-data-r2/expr-equals/eq-graph-2",
        "dawg-data-r2/open-world/open-eq-01",
    ), "the store keeps a number by its value, not as it was written"),
    **dict.fromkeys((
        "sparql11/functions/strdt03",
        "sparql11/functions/strlang03",
        "dawg-data-r2/distinct/distinct-2",
        "dawg-data-r2/expr-builtin/dawg-datatype-2",
    ), "in RDF 1.1 a plain literal is an xsd:string, and one with a language an rdf:langString"),
    **dict.fromkeys((
        "sparql11/syntax-query/test_4",
        "dawg-data-r2/syntax-sparql1/syntax-expr-05",
        "dawg-data-r2/syntax-sparql1/syntax-order-05",
        "dawg-data-r2/syntax-sparql1/syntax-order-06",
        "dawg-data-r2/syntax-sparql2/syntax-function-01",
        "dawg-data-r2/syntax-sparql2/syntax-function-02",
        "dawg-data-r2/syntax-sparql2/syntax-function-03",
        "dawg-data-r2/syntax-sparql2/syntax-function-04",
    ), "a query with a function that is not known here is refused, not an error in each row"),
    **dict.fromkeys((
        "dawg-data-r2/dataset/dawg-dataset-09",
        "dawg-data-r2/dataset/dawg-dataset-10",
        "dawg-data-r2/dataset/dawg-dataset-12",
        "dawg-data-r2/graph/dawg-graph-10",
    ), "a graph has the same blank nodes wherever the query names it"),
    **dict.fromkeys((
        "sparql11/syntax-query/test_42",
        "dawg-data-r2/syntax-sparql2/syntax-dataset-01",
        "dawg-data-r2/syntax-sparql2/syntax-dataset-02",
        "dawg-data-r2/syntax-sparql2/syntax-dataset-03",
        "dawg-data-r2/syntax-sparql2/syntax-dataset-04",
    ), "a graph that is not here is refused, because none is fetched"),
    **dict.fromkeys((
        "dawg-data-r2/basic/term-7",
        "dawg-data-r2/syntax-sparql1/syntax-lit-08",
    ), "SPARQL 1.1 does not take `5.` for a number, as 1.0 did"),
    **dict.fromkeys((
        "dawg-data-r2/syntax-sparql2/syntax-esc-04",
        "dawg-data-r2/syntax-sparql2/syntax-esc-05",
    ), "the parser reads \\u only in strings and IRIs"),
    **dict.fromkeys((
        "dawg-data-r2/open-world/date-2",
        "dawg-data-r2/open-world/date-3",
    ), "dates with and without a time zone are compared as XML Schema 1.1 says"),
    "sparql11/aggregates/agg-empty-group": "corrected since: groups of nothing are no groups",
    "sparql11/functions/bnode01": "BNODE gives one node for one string, also in different rows",
    "dawg-data-r2/optional-filter/dawg-optional-filter-005-simplified":
        "the suite has both readings; this endpoint follows …-005-not-simplified",
    "dawg-data-r2/syntax-sparql3/syn-bad-26": "the parser takes `<?a&&?b>` for comparisons: it is no IRI",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """The suites, unpacked."""
    folder = tmp_path_factory.mktemp("w3c")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "rdflib", "--dest", str(folder),
               "--require-hashes", "--requirement", str(REQUIREMENT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    archive = next(folder.glob("rdflib-*.tar.gz"))
    with tarfile.open(archive) as packed:
        wanted = [member for member in packed if WITHIN in PurePosixPath(*PurePosixPath(member.name).parts[1:]).parents]
        packed.extractall(folder, wanted, filter="data")
    return Suite(folder / archive.name.removesuffix(".tar.gz") / WITHIN)


@pytest.fixture(scope="module")
def client(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server of all data of the suites."""
    folder = tmp_path_factory.mktemp("data")
    file = folder / "suites.nq"
    ox.serialize(suite.quads(GROUPS), str(file), ox.RdfFormat.N_QUADS)
    with (
        serving(folder / "state", "--data", file) as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as asking,
    ):
        yield asking


def answered(client: httpx.Client, case: Case) -> httpx.Response:
    """Ask the query of a case of its graphs, in the format that its answer comes in."""
    fields = {"query": case.query, "default-graph-uri": case.default, "named-graph-uri": case.named}
    suffix = case.result.suffix if case.result is not None else ""
    tables = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srj": "application/sparql-results+json"}
    table = tables.get(suffix, "application/sparql-results+xml")
    return client.post("/sparql", data=fields, headers={"accept": f"{table}, application/n-triples;q=0.5"})


def understood(response: httpx.Response) -> Answer:
    """Return what a response says."""
    kind = response.headers["content-type"].partition(";")[0]
    if kind == "text/csv":
        return read_csv(response.text)
    if kind == "application/n-triples":
        return {quad.triple for quad in ox.parse(response.content, ox.RdfFormat.N_TRIPLES)}
    form = ox.QueryResultsFormat.from_media_type(kind)
    assert form is not None, kind
    return read_result(response.content, form)


def trouble(client: httpx.Client, suite: Suite, case: Case) -> str | None:
    """Return what is wrong with the answer to a case; None where it is right."""
    response = answered(client, case)
    if case.bad:
        return None if response.status_code == httpx.codes.BAD_REQUEST else f"status {response.status_code}"
    if response.status_code != httpx.codes.OK:
        return f"status {response.status_code}: {response.text}"
    if case.result is None:
        return None
    found, right = understood(response), expected(case, suite)
    return None if same(found, right) else f"answered {found}\ninstead of {right}"


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_answered_as_the_suite_expects(client: httpx.Client, suite: Suite, group: str) -> None:
    cases = list(suite.cases(group))
    assert len(cases) == GROUPS[group]
    found = {case.name: trouble(client, suite, case) for case in cases}
    failed = {f"{group}/{name}": wrong for name, wrong in found.items() if wrong is not None}
    known = {name for name in KNOWN_FAILURES if name.rpartition("/")[0] == group}
    new = "\n\n".join(f"{name}: {wrong}" for name, wrong in failed.items() if name not in known)
    assert not new, new
    assert set(failed) == known, f"take off the list of known failures what passes now: {known - set(failed)}"
