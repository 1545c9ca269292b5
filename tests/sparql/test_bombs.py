"""Queries made to bring a server down, against a real one with tight limits: each gets a status, others an answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.serving import PATIENCE, Server, serving
from wir2graph.plan import find_workspace

SECONDS: Final = 1
DIRECT: Final = {"content-type": "application/sparql-query"}
# What the endpoint may say to a query; 503, because with a second to wait a crowd of bombs may find no room.
STATUSES: Final = {200, 400, 406, 422, 503, 504}
MEASURES: Final = "SELECT (COUNT(?m) AS ?n) { ?m a <https://w3id.org/wir2graph/def#Measure> }"
LONG: Final = "a" * 30_000


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def grown(first: str, function: str, times: int) -> str:
    """Return a query for the length of a text to which a function was applied again and again."""
    steps = (f"BIND({function.format(v=f'?v{n}')} AS ?v{n + 1})" for n in range(times))
    return f"SELECT (STRLEN(?v{times}) AS ?n) {{ BIND('{first}' AS ?v0) {' '.join(steps)} }}"


NESTINGS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "parentheses": ("ASK {{ FILTER({}) }}", "(", "1", ")"),
    "groups": ("ASK {{ {} }}", "{", "", "}"),
    "blank nodes": ("ASK {{ ?s ?p {} }}", "[ ?p ", "1", " ]"),
    "collections": ("ASK {{ ?s ?p {} }}", "( ", "1", " )"),
    "paths": ("ASK {{ ?s {} ?o }}", "(", "<urn:p>", ")*"),
    "optionals": ("ASK {{ {} }}", "OPTIONAL { ?s ?p ?o ", "", "}"),
    "exists": ("ASK {{ {} }}", "FILTER EXISTS { ", "?s ?p ?o", " }"),
    "subqueries": ("ASK {{ {} }}", "{ SELECT * { ", "?s ?p ?o", " } }"),
    "minus": ("ASK {{ ?s ?p ?o {} }}", "MINUS { ?s ?p ?o ", "", "}"),
    "functions": ("SELECT ({} AS ?x) {{}}", "IF(true, ", "1", ", 2)"),
    "triple terms": ("ASK {{ ?s ?p {} }}", "<<( ?s ?p ", "1", " )>>"),
    "negations": ("ASK {{ FILTER({}) }}", "!", "true", ""),
    "signs": ("ASK {{ FILTER({}) }}", "- ", "1", ""),
    "inverse paths": ("ASK {{ ?s {} ?o }}", "^(", "<urn:p>", ")"),
    "graphs": ("ASK {{ {} }}", "GRAPH ?g { ", "?s ?p ?o", " }"),
    "opened only": ("ASK {}", "{ ", "", ""),
    "closed only": ("ASK {}", "", "", "} "),
    "strings": ("ASK {}", "'", "", '"'),
}
BOMBS: Final[Mapping[str, str]] = {
    **{f"{name}, {depth} deep": form.format(nested(opening, inner, closing, depth))
       for name, (form, opening, inner, closing) in NESTINGS.items() for depth in (190, 1_000, 20_000)},
    "a list of 20,000": f"ASK {{ ?s ?p ?o FILTER(?o IN ({','.join(map(str, range(20_000)))})) }}",
    "20,000 values": f"ASK {{ VALUES ?x {{ {' '.join(map(str, range(20_000)))} }} ?s ?p ?x }}",
    "three times 1,000 values": f"""SELECT (COUNT(*) AS ?n) {{ {' '.join(
        f"VALUES ?v{n} {{ {' '.join(map(str, range(1_000)))} }}" for n in range(3))} }}""",
    "1,000 unions": f"ASK {{ {' UNION '.join(['{ ?s ?p ?o }'] * 1_000)} }}",
    "240 optionals": f"SELECT * {{ {' '.join(f'OPTIONAL {{ ?s ?p ?o{n} }}' for n in range(240))} }}",
    "240 triples": f"SELECT * {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(240))} }}",
    "10,000 triples": f"ASK {{ {' '.join(f'?s{n} ?p ?o .' for n in range(10_000))} }}",
    "10,000 objects": f"ASK {{ ?s ?p {','.join(f'?o{n}' for n in range(10_000))} }}",
    "a path of 500 steps": f"ASK {{ ?s {'/'.join(['<urn:p>'] * 500)} ?o }}",
    "a path of 5,000 choices": f"ASK {{ ?s {'|'.join(['<urn:p>'] * 5_000)} ?o }}",
    "2,000 columns": "SELECT " + " ".join(f"(1 AS ?v{n})" for n in range(2_000)) + " {}",
    "5,000 prefixes": "".join(f"PREFIX p{n}: <urn:{n}> " for n in range(5_000)) + "ASK {}",
    "500 orders": "SELECT * { ?s ?p ?o } ORDER BY " + " ".join(f"({n}+?o)" for n in range(500)),
    "a sum of 20,000": f"SELECT ({'+'.join(['1'] * 20_000)} AS ?x) {{}}",
    "20,000 or": f"ASK {{ FILTER({'||'.join(['false'] * 20_000)}) }}",
    "CONCAT of 20,000": f"SELECT (CONCAT({','.join(['?s'] * 20_000)}) AS ?x) {{ ?s ?p ?o }}",
    "doubling": grown("x", "CONCAT({v}, {v})", 60),
    "doubling by REPLACE": grown("x", "REPLACE({v}, 'x', 'xx')", 60),
    "doubling by ENCODE_FOR_URI": grown("%", "ENCODE_FOR_URI(CONCAT({v}, {v}))", 40),
    "a text of all texts": "SELECT (GROUP_CONCAT(CONCAT(?c, ?f, ?i)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a text of all texts for each": "SELECT ?a (GROUP_CONCAT(DISTINCT ?f) AS ?x) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a",
    "count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "distinct": "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c",
    "group": "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?d",
    "all ways": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>)* ?c }",
    "all ways of all graphs": "ASK { GRAPH ?g { ?a (!<urn:x>)* ?b } GRAPH ?h { ?b (!<urn:y>)* ?c } FILTER(?g = 1) }",
    "a cross of ways": "ASK { ?a (!<urn:x>)+ ?b . ?c (!<urn:x>)+ ?d . ?e (!<urn:x>)+ ?f FILTER(?b = ?d && ?f = 1) }",
    "a construct of crosses": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i",
    "a description of everything": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "backtracking": f"SELECT (REGEX('{LONG}!', '^(a+)+$') AS ?x) {{}}",
    "backtracking, nested": f"SELECT (REGEX('{LONG}!', '(((a*)*)*)*b') AS ?x) {{}}",
    "repetition of repetitions": "SELECT (REGEX('a', '(((a{1000}){1000}){1000})') AS ?x) {}",
    "back reference": f"SELECT (REGEX('{LONG}', '(a+)\\\\1+b') AS ?x) {{}}",
    "a long expression": f"ASK {{ ?s ?p ?o FILTER(REGEX(STR(?o), '{'(x|y)*' * 5_000}')) }}",
    "an expression from the data": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), STR(?f))) }",
    "replacement at each letter": f"SELECT (STRLEN(REPLACE('{LONG}', '', '{LONG}')) AS ?x) {{}}",
    "digits": f"SELECT ({'9' * 100_000} * {'9' * 100_000} AS ?x) {{}}",
    "digits after the point": f"SELECT (0.{'1' * 100_000} + 1 AS ?x) {{}}",
    "a great exponent": "SELECT (1e999999999 * 1e-999999999 AS ?x) {}",
    "over the edge": "SELECT (9223372036854775807 + 9223372036854775807 AS ?x) (-9223372036854775808 / -1 AS ?y) {}",
    "a great limit": "SELECT * { ?s ?p ?o } OFFSET 99999999999999999999 LIMIT 99999999999999999999999999",
    "a negative limit": "SELECT * { ?s ?p ?o } LIMIT -1",
    "a far year": "SELECT ('99999999999999-01-01'^^<http://www.w3.org/2001/XMLSchema#date> + 'P9999999999Y'"
                  "^^<http://www.w3.org/2001/XMLSchema#duration> AS ?x) {}",
    "a substring beyond": "SELECT (SUBSTR('ab', -9223372036854775808, 9223372036854775807) AS ?x) {}",
    "a long IRI": f"ASK {{ <http://a.example/{LONG}> ?p ?o }}",
    "a long name": f"SELECT ?{LONG} {{ ?{LONG} ?p ?o }} LIMIT 1",
    "a long language": f"SELECT ('a'@{'-'.join(['abcdefgh'] * 5_000)} AS ?x) {{}}",
    "nothing but comments": "#" * 500_000 + "\nASK {}",
    "half a surrogate": "SELECT ('\\uD800' AS ?x) {}",
    "null": "SELECT ('\\u0000' AS ?x) { ?s ?p ?o } LIMIT 1",
}

ELSEWHERE: Final = (
    "ASK {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ \\U00000053\\U00000045RVICE <{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ SERVICE# <urn:x>\n<{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ sErViCe\tSILENT\n<{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ ?s ?p ?o MINUS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ {{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
    "ASK {{ BIND(<{url}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "ASK {{ VALUES ?e {{ <{url}> }} SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
    "PREFIX service: <{url}> ASK {{ SERVICE service: {{ ?s ?p ?o }} }}",
    "PREFIX e: <{url}> ASK {{ ?a<?b SERVICE e: {{ ?s ?p ?o }} #>\n }}",
    "ASK {{ 'a' ?p 'SERVICE' . SERVICE<{url}>{{ ?s ?p ?o }} }}",
    "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "BASE <{url}> SELECT * FROM <> FROM <a> FROM NAMED <b> {{ ?s ?p ?o }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "BASE <file:///etc/> SELECT * FROM NAMED <passwd> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <file:///etc/passwd> {{ ?s ?p ?o }} }}",
    "DESCRIBE <file:///etc/passwd>",
    "LOAD <{url}>",
    "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>",
    "INSERT DATA {{ <urn:a> <urn:b> <urn:c> }} ; LOAD <{url}>",
    "ASK {{ ?s ?p ?o FILTER(<{url}>(?o)) }}",
)


@pytest.fixture(scope="module")
def tight(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the fictional plans whose queries may take little."""
    settings_file = tmp_path_factory.mktemp("operator") / "operator.toml"
    settings_file.write_text(f"[sparql]\nseconds = {SECONDS}\nmemory_mb = 96\nresult_mb = 8\n", encoding="utf-8")
    with serving(state, "--operator", settings_file) as running:
        yield running


def asked(server: Server, query: str) -> tuple[int, str]:
    """Send a query; return status and text. An answer that breaks off has the status 0."""
    sending = httpx.stream("POST", f"{server.url}/sparql", content=query.encode(), headers=DIRECT, timeout=PATIENCE)
    with sending as told:
        try:
            return told.status_code, told.read().decode()
        except httpx.RemoteProtocolError:
            return 0, ""


def assert_well(server: Server) -> None:
    """The server lives and answers what it always answers."""
    assert server.process.poll() is None
    status, text = asked(server, f"{MEASURES} # {time.monotonic_ns()}")
    assert status == 200, text
    assert '"value":"7"' in text


def judged(server: Server, query: str) -> str | None:
    """Return what is wrong with how a query is answered."""
    start = time.monotonic()
    status, text = asked(server, query)
    took = time.monotonic() - start
    if status not in STATUSES | {0}:
        return f"status {status}: {text[:200]}"
    if status >= 400 and '"detail"' not in text:
        return f"no reason for status {status}: {text[:200]}"
    # Room for a worker to start, for others that are before it, and for a slow machine.
    return f"took {took:.0f} seconds" if took > 20 * SECONDS else None


def test_each_bomb_gets_a_status_in_time_and_others_an_answer(tight: Server) -> None:
    with ThreadPoolExecutor(4) as asking:
        found = dict(zip(BOMBS, asking.map(lambda query: judged(tight, query), BOMBS.values()), strict=True))
        assert_well(tight)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert_well(tight)


def test_the_bombs_are_bombs(tight: Server) -> None:
    # Were they all refused at once, or answered, nothing would have been tried.
    names = ("doubling", "count", "parentheses, 20000 deep", "20,000 values")
    doubling, *others = (asked(tight, BOMBS[name])[0] for name in names)
    assert doubling in (422, 504)  # on a busy machine the time ends before the memory does
    assert others == [504, 400, 200]


def test_no_query_reads_a_file_or_asks_another_server(tight: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        url = f"http://127.0.0.1:{other.getsockname()[1]}/"
        for form in ELSEWHERE:
            status, text = asked(tight, form.format(url=url))
            assert status in (200, 400), form
            assert "root:" not in text, form
        for name in ("default-graph-uri", "named-graph-uri"):
            for graph in (url, "file:///etc/passwd"):
                asking = {"query": "ASK { ?s ?p ?o }", name: graph}
                told = httpx.get(f"{tight.url}/sparql", params=asking, timeout=PATIENCE)
                assert told.status_code == 400
                assert "none is fetched from elsewhere" in told.json()["detail"]
        with pytest.raises(BlockingIOError):
            other.accept()
    assert_well(tight)


QUESTIONS: Final = sorted(find_workspace().data.glob("*/questions/*.rq"))
PIECES: Final = st.sampled_from([
    "{", "}", "(", ")", "[", "]", "<<", ">>", "*", "+", "/", "|", "^", "!", "?x", "$y", "''", '"""', "\\", "#", ".",
    "UNION", "OPTIONAL { ?a ?b ?c }", "FILTER", "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }", "GRAPH ?g", ";",
    "VALUES ?x { 1 }", "SELECT", "ASK", "GROUP BY ?x", "ORDER BY ?x", "LIMIT 0", "1e9", "@de", "^^<urn:t>", "\u0000",
    "\U0001f600", "\u202e",
])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A worked question of the shipped plans that somebody has spoilt."""
    text = draw(st.sampled_from(QUESTIONS)).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        head, piece, tail = text[:start], text[start:end], text[end:]
        text = draw(st.sampled_from([
            head + tail, head + piece + piece + tail, head + piece.swapcase() + tail,
            f"{head} {draw(PIECES)} {piece}{tail}",
        ]))
    return text


@settings(deadline=None, max_examples=100)
@given(mutated())
def test_a_spoilt_question_gets_an_answer_or_a_reason(tight: Server, query: str) -> None:
    assert judged(tight, query) is None


def test_there_are_questions_to_spoil(tight: Server) -> None:
    assert len(QUESTIONS) >= 80
    assert_well(tight)
