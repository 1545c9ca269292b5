"""A plan in easy German (Leichte Sprache): a text of ours beside the data, in Markdown, a line for each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wir2graph.findings import Finding
from wir2graph.plan import Plan

EASY: Final = Path("texts") / "leichte-sprache.md"
LONGEST: Final = 15  # words of a sentence

_END: Final = re.compile(r"(?<=[.:!?])\s+|$")
_MARKS: Final = re.compile(r"^[\s#>*-]+|\*+")


def read_easy(plan: Plan) -> str:
    """Return the text of a plan, or the empty text where it has none."""
    path = plan.folder / EASY
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def check_easy(plan: Plan) -> Iterator[Finding]:
    """Yield a warning for every sentence that is too long to be easy."""
    for number, line in enumerate(read_easy(plan).splitlines(), 1):
        for sentence in _END.split(_MARKS.sub("", line)):
            words = len(sentence.split())
            if words > LONGEST:
                yield Finding(
                    "EasySentence", None, (plan.folder.name / EASY).as_posix(), number, None,
                    f"Ein Satz hat {words} Wörter, in Leichter Sprache höchstens {LONGEST}. Bitte teilen.",
                    f"a sentence has {words} words; easy language has at most {LONGEST}; divide it", "warning",
                )
