"""Whoever runs the site: `operator.toml`, apart from any plan."""

from wir2graph.operator.model import Accessibility, Arbitration, Operator, SparqlSettings
from wir2graph.operator.read import load_operator

__all__ = ["Accessibility", "Arbitration", "Operator", "SparqlSettings", "load_operator"]
