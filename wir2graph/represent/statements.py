"""Statements about the release itself, as its own documents make them."""

from __future__ import annotations

import pyoxigraph as ox

from wir2graph.store.base import Term


def told(subject: str, predicate: str, value: Term) -> ox.Triple:
    """Return the statement that a subject has a value."""
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def link(subject: str, predicate: str, target: str) -> ox.Triple:
    """Return the statement that a subject is related to what another IRI names."""
    return told(subject, predicate, ox.NamedNode(target))


def text(subject: str, predicate: str, value: str, language: str | None = None) -> ox.Triple:
    """Return the statement that a subject has a text, in a language or in none."""
    return told(subject, predicate, ox.Literal(value, language=language) if language else ox.Literal(value))


def number(subject: str, predicate: str, value: int) -> ox.Triple:
    """Return the statement that a subject has an integer."""
    return told(subject, predicate, ox.Literal(value))
