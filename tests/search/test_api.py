"""`/api/search`: the search for programs, over HTTP."""

from __future__ import annotations

from urllib.parse import quote, urljoin

import pytest

from tests.serving import Server
from wir2graph.search.answer import PATH


def test_a_hit_has_everything_that_a_client_needs(server: Server) -> None:
    answer = server.get(f"{PATH}?q=A+1.2&lang=en&plan=musterstadt&limit=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == "en"
    assert answer.headers["access-control-allow-origin"] == "*"
    document = answer.json()
    assert document["query"] == "A 1.2"
    assert document["count"] == sum(section["count"] for section in document["sections"])
    (hit,) = document["hits"]
    assert urljoin(PATH, hit["href"]) == "/en/musterstadt/oe/a-1.2"
    assert server.get(urljoin(PATH, hit["href"])).status_code == 200
    assert (hit["code"], hit["title"], hit["language"]) == ("A 1.2", "City Trees", "en")
    assert (hit["section"], hit["plan"]) == ("stellen", "musterstadt")
    assert hit["iri"].startswith("https://daten.musterstadt.example/plan/id/oe/")


def test_what_was_found_is_marked_and_the_rest_is_escaped(server: Server) -> None:
    hits = server.get(f"{PATH}?q=Wasser").json()["hits"]
    assert any("<mark>" in hit["snippet"] for hit in hits)
    assert all(hit["snippet"].replace("<mark>", "").replace("</mark>", "").count("<") == 0 for hit in hits)


def test_a_limit_leaves_the_best(server: Server) -> None:
    every, one = (server.get(f"{PATH}?q=Grün&limit={limit}").json() for limit in (50, 1))
    assert len(one["hits"]) == 1 < len(every["hits"])
    assert one["hits"][0] == every["hits"][0]
    assert one["count"] == every["count"]


def test_a_misspelled_word_is_told(server: Server) -> None:
    corrected = server.get(f"{PATH}?q={quote('Stadtentwässrung')}").json()["corrected"]
    assert corrected == [{"typed": "Stadtentwässrung", "taken": ["Stadtentwässerung"]}]


@pytest.mark.parametrize(("asked", "parameter"), [
    ("", "q"), ("q=", "q"), ("q=%20", "q"), ("q=a&lang=fr", "lang"), ("q=a&lang=", "lang"), ("q=a&limit=0", "limit"),
    ("q=a&limit=51", "limit"), ("q=a&limit=x", "limit"), ("q=a&limit=%D9%A3", "limit"),
    ("q=a&limit=" + "9" * 5000, "limit"),
    ("q=a&plan=nope", "plan"), ("q=a&language=en", "language"), ("q=a" + "&q=a" * 100, "…"),
])
def test_wrong_parameters_are_answered_with_a_problem(server: Server, asked: str, parameter: str) -> None:
    answer = server.get(f"{PATH}?{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert f"Parameter {parameter} " in answer.json()["detail"]


@pytest.mark.parametrize("text", ['"', "' OR 1=1 --", "NEAR(a", "\0", "%", "🌳" * 500, "x" * 5000, "*", "col:a"])
def test_hostile_questions_are_answered(server: Server, text: str) -> None:
    answer = server.get(f"{PATH}?q={quote(text, safe='')}")
    assert answer.status_code == 200
    assert answer.json()["query"] == text


def test_bytes_that_are_no_text_are_answered(server: Server) -> None:
    assert server.get(f"{PATH}?q=%ff%fe").status_code == 200


def test_head_options_and_what_is_not_changed(server: Server) -> None:
    url = f"{PATH}?q=Wasser"
    tag = server.get(url).headers["etag"]
    assert server.get(url, if_none_match=tag).status_code == 304
    assert server.get(f"{PATH}?q=Kinder").headers["etag"] != tag
