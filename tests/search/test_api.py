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


@pytest.mark.parametrize(("asked", "told"), [
    ("", "Der Parameter q fehlt oder ist leer. Bitte in ihm angeben, was gesucht wird: einen Namen,"),
    ("q=", "Der Parameter q fehlt oder ist leer."), ("q=%20&lang=de", "Der Parameter q fehlt oder ist leer."),
    ("q=&lang=en", "The parameter q is missing or empty. Please give in it what to search for: a name,"),
    ("q=a&lang=fr", "Der Parameter lang hat einen Wert, den es nicht gibt. Möglich ist: de, en."),
    ("q=a&lang=", "Der Parameter lang hat einen Wert, den es nicht gibt."),
    *((f"q=a&limit={limit}", "Der Parameter limit hat einen Wert, den es nicht gibt. Möglich ist: 1–50.")
      for limit in ("0", "51", "x", "%D9%A3", "9" * 5000)),
    ("lang=en&q=a&limit=x", "The parameter limit has a value that does not exist. Possible is: 1–50."),
    ("q=a&plan=nope", "Der Parameter plan hat einen Wert, den es nicht gibt. Möglich ist: kleinstadt, musterstadt."),
    ("q=a&foo=1", "Den Parameter foo gibt es hier nicht. Es gibt: q, lang, limit, plan."),
    ("foo=1&q=a&lang=en", "There is no parameter foo here. There are: q, lang, limit, plan."),
    ("q=a" + "&q=a" * 100, "Der Parameter q steht mehrmals da. Bitte nur einmal angeben."),
    ("q=a&lang=en&q=b", "The parameter q is given more than once."),
    ("q=a&" + "x" * 500, f"Den Parameter {'x' * 40} gibt es hier nicht."),
])
def test_wrong_parameters_are_answered_with_a_problem(server: Server, asked: str, told: str) -> None:
    answer = server.get(f"{PATH}?{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == ("en" if "lang=en" in asked else "de")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["status"] == 400
    assert answer.json()["detail"].startswith(told)


def test_a_problem_is_a_page_in_the_language_that_was_asked(server: Server) -> None:
    page = server.get(f"{PATH}?q=a&<b>=1&lang=en", accept="text/html")
    assert page.status_code == 400
    assert '<html lang="en"' in page.text
    assert "There is no parameter &lt;b&gt; here." in page.text


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
