"""The check: everything that speaks against publishing the data, as findings with file and line.

What the reader of the files noted, SHACL over the default graph and SPARQL rules over all graphs (both in `shapes/`),
the files of the worked questions, the synonyms, the text in easy language, the history, and the quotes against their
lock. Whoever has the source texts checks more: the quotes and printed words against the texts, that prose of ours is
not copied from them, and that no person they name is named in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from wir2graph import persons, prose, quotes, verbatim
from wir2graph.dataset import Dataset
from wir2graph.easy import check_easy
from wir2graph.findings import Finding, InputError, ordered
from wir2graph.history.check import check_history
from wir2graph.plan import WIR, Plan, Workspace
from wir2graph.questions import read_questions
from wir2graph.rules import Rules
from wir2graph.search.synonyms import read_synonyms
from wir2graph.sources import read_texts, statements

LOCK: Final = "quotes.lock"


def check(dataset: Dataset, workspace: Workspace, sources: Path | None = None) -> list[Finding]:
    """Return all findings about a dataset, violations first, each with file and line where these are known.

    With `sources`, a folder of source texts (`<source>.txt`), the quotes are proved by the texts, and prose and names
    are compared with them; a plan whose quotes are all proved gets its `quotes.lock` written. Without, the quotes are
    compared with the lock. Raises InputError when shapes, ontology, a lock or `persons.toml` cannot be used.
    """
    rules = Rules.read(workspace.shapes, workspace.ontology)
    findings = [*dataset.notes, *rules.apply(dataset)]
    for plan in dataset.plans:
        findings += _unreadable(read_questions, plan)
        findings += _unreadable(read_synonyms, plan)
        findings += check_easy(plan)
        findings += check_history(dataset, plan)
        findings += _check_quotes(dataset, plan, sources)
        if sources is not None:
            findings += _check_words(dataset, plan, sources)
    return ordered(findings)


def _unreadable(read: Callable[[Plan], object], plan: Plan) -> tuple[Finding, ...]:
    try:
        read(plan)
    except InputError as error:
        return error.findings
    return ()


def _check_quotes(dataset: Dataset, plan: Plan, sources: Path | None) -> list[Finding]:
    given = list(quotes_of(dataset, plan))
    path, name = plan.folder / LOCK, f"{plan.folder.name}/{LOCK}"
    if sources is None:
        return quotes.verify_lock(given, quotes.read_lock(path, name))
    findings = quotes.verify_sources(given, sources)
    if not findings:
        quotes.write_lock(path, quotes.make_lock(given, sources, name))
    return findings


def _check_words(dataset: Dataset, plan: Plan, sources: Path) -> list[Finding]:
    texts = read_texts(dataset, plan, sources)
    said = list(statements(dataset, plan))
    return [
        *verbatim.check(plan, said, texts), *prose.check(plan, said, texts.values()),
        *persons.check(dataset, plan, said, texts),
    ]


def quotes_of(dataset: Dataset, plan: Plan) -> Iterator[quotes.Quote]:
    """Yield the quotes of one plan, each with the slug of its source, that source's digest and where it is written."""
    own = plan.graph("")
    for quad in dataset.store.quads_for_pattern(None, ox.NamedNode(f"{WIR}quote"), None, None):
        graph, evidence, text = quad.graph_name, quad.subject, quad.object
        if (isinstance(graph, ox.NamedNode) and graph.value.startswith(own)
                and isinstance(evidence, ox.NamedNode) and isinstance(text, ox.Literal)):
            source = _object(dataset, evidence, "source")
            if isinstance(source, ox.NamedNode):
                digest = _object(dataset, source, "textDigest")
                file, line = dataset.locate(evidence.value, graph.value) or (plan.folder.name, None)
                yield quotes.Quote(
                    evidence.value, source.value.rsplit("/", 1)[-1], text.value, file, line,
                    digest.value if isinstance(digest, ox.Literal) else None,
                )


def _object(dataset: Dataset, subject: ox.NamedNode, name: str) -> object:
    found = dataset.store.quads_for_pattern(subject, ox.NamedNode(f"{WIR}{name}"), None, ox.DefaultGraph())
    return next((quad.object for quad in found), None)
