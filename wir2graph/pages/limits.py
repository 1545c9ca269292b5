"""What one query may take, as the pages that tell how to ask say it."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from wir2graph.operator import SparqlSettings
from wir2graph.pages.results import MAX_ROWS
from wir2graph.pages.values import Values


@dataclass(frozen=True)
class LimitsView:
    """What one query may take, as numbers in the way the language writes them: seconds of computing, megabytes of
    memory and of its result, depth of nested brackets, triples of one pattern, the rows of its result that a page
    shows; and how many queries one client may have at a time.
    """

    seconds: str
    megabytes: str
    result: str
    depth: str
    length: str
    rows: str
    per_client: str


def limits_view(settings: SparqlSettings, values: Values) -> LimitsView:
    """Return what the operator allows a query, in the language of the page."""
    limits, capacity = settings.limits, settings.capacity
    numbers = (limits.seconds, limits.memory_bytes // 2**20, limits.result_bytes // 2**20, limits.depth,
               limits.length, MAX_ROWS, capacity.per_client)
    return LimitsView(*(values.literal(ox.Literal(int(number))).text for number in numbers))
