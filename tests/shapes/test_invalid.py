"""The invalid case of each rule fires it and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import SH, URIRef

from tests.shapes.cases import NAMES, case_file, directives, findings, rules
from wir2graph.rules import WSH


@pytest.mark.parametrize("rule", NAMES)
def test_invalid(rule: str, tmp_path: Path) -> None:
    found = findings(rule, "invalid", tmp_path)
    also = directives(case_file(rule, "invalid").read_text(encoding="utf-8"), "also")
    assert {finding.rule for finding in found} == {rule, *" ".join(also).split()}
    for finding in found:
        assert finding.subject is None or finding.subject.startswith("http")
        assert finding.message_de != finding.message_en
        for message in (finding.message_de, finding.message_en):
            assert not re.search(r"[{}…]", message), "a value is not filled in"
    severity = str(rules().shapes.value(URIRef(WSH + rule), SH.severity)).removeprefix(str(SH)).lower()
    assert {finding.severity for finding in found if finding.rule == rule} == {severity}
