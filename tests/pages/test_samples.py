"""A query as a program: whatever characters it has, each language reads them back as they were."""

from __future__ import annotations

import ast
import re
import shlex

from hypothesis import example, given
from hypothesis import strategies as st

from wir2graph.pages.samples import curl, python, r
from wir2graph.store.base import DatasetClause

ADDRESS = "https://example.org/a b'c/sparql"
NOTHING = DatasetClause()
GRAPHS = DatasetClause(("urn:a'b",), ("urn:ü&c",))
QUERIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text("'\"\\\n\r\t){}-$`!ü€ ")


@given(QUERIES)
@example("it's $HOME `id` \\ !x \"\"\" ''' \n\r\n")
def test_a_shell_reads_the_query_as_it_is(query: str) -> None:
    program, address, option, header, *fields = shlex.split(curl(ADDRESS, query, GRAPHS))
    assert (program, address, option, header) == ("curl", ADDRESS, "-H", "Accept: text/csv")
    assert fields == ["--data-urlencode", f"query={query}", "--data-urlencode", "default-graph-uri=urn:a'b",
                      "--data-urlencode", "named-graph-uri=urn:ü&c"]


@given(QUERIES)
@example('"""')
@example('a"')
@example("a\\")
@example('a""\\"')
def test_python_reads_the_query_as_it_is(query: str) -> None:
    calls = [node for node in ast.walk(ast.parse(python(ADDRESS, query, GRAPHS))) if isinstance(node, ast.Call)]
    given_to = {
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", ""): call.args
        for call in calls
    }
    for name, value in (("setQuery", query), ("SPARQLWrapper", ADDRESS), ("addDefaultGraph", "urn:a'b"),
                        ("addNamedGraph", "urn:ü&c")):
        assert [ast.literal_eval(argument) for argument in given_to[name]] == [value]


@given(QUERIES)
@example(')"')
@example(')-" )--"')
def test_r_reads_the_query_as_it_is(query: str) -> None:
    # A raw string constant of R (?Quotes): r"(…)", with as many dashes on either side.
    program = r(ADDRESS, query, GRAPHS)
    start = re.match(r'query <- r"(-*)\(', program)
    assert start is not None
    end = program.index(f"){start[1]}\"", start.end())
    assert program[start.end():end] == query
    assert program[end + len(start[1]) + 2:].startswith("\naddress <- paste0(r\"(")
    assert "&default-graph-uri=urn%3Aa%27b&named-graph-uri=urn%3A%C3%BC%26c&query=" in program


def test_programs_take_what_the_query_gives() -> None:
    for query, accept, returned, suffix, reads in (
        ("SELECT * {}", "text/csv", "JSON", "csv", "read.csv"), ("ASK {}", "text/csv", "JSON", "csv", "writeLines"),
        ("DESCRIBE <urn:a>", "text/turtle", "TURTLE", "ttl", "writeLines"),
        ("CONSTRUCT WHERE {}", "text/turtle", "TURTLE", "ttl", "writeLines"),
    ):
        assert f"-H 'Accept: {accept}'" in curl(ADDRESS, query, NOTHING)
        assert f"client.setReturnFormat({returned})" in python(ADDRESS, query, NOTHING)
        assert f"?as={suffix}&query=" in r(ADDRESS, query, NOTHING)
        assert reads in r(ADDRESS, query, NOTHING)
