"""What people say for what a plan calls otherwise: `synonyms.toml` in the plan's folder.

    same = [
      ["Kita", "Kindertagesstätte", "Kindergarten"],
    ]

All expressions of a list mean the same to the search, in both directions. They are everyday German or English, never
facts about the plan.
"""

from __future__ import annotations

from typing import Any, Final

from wir2graph.findings import Finding, InputError
from wir2graph.plan import Plan, problem, read_toml
from wir2graph.search.words import words

FILE: Final = "synonyms.toml"
MOST_WORDS: Final = 4

Same = tuple[str, ...]


def read_synonyms(plan: Plan) -> tuple[Same, ...]:
    """Return the lists of a plan's file; none where there is no file. Raises InputError naming all that is wrong."""
    path, name = plan.folder / FILE, f"{plan.folder.name}/{FILE}"
    if not path.is_file():
        return ()
    settings = read_toml(path, name)
    if wrong := _wrong(settings, name):
        raise InputError(wrong)
    return tuple(tuple(group) for group in settings["same"])


def _wrong(settings: dict[str, Any], name: str) -> list[Finding]:
    found = [
        problem("Synonyms", name, f"Unbekannte Einstellung `{key}`. Bitte entfernen; bekannt ist nur `same`.",
                f"unknown setting `{key}`; remove it; only `same` is known")
        for key in settings if key != "same"
    ]
    groups = settings.get("same")
    if not isinstance(groups, list) or not groups:
        return [*found, problem(
            "Synonyms", name, 'Es fehlt die Liste `same`. Bitte angeben: same = [["Kita", "Kindergarten"]].',
            'the list `same` is missing; give: same = [["Kita", "Kindergarten"]]',
        )]
    seen: dict[str, int] = {}
    for number, group in enumerate(groups, 1):
        if not isinstance(group, list) or len(group) < 2 or not all(isinstance(text, str) for text in group):
            found.append(problem(
                "Synonyms", name,
                f"Eintrag {number} in `same`: Bitte eine Liste von mindestens zwei Ausdrücken angeben.",
                f"entry {number} of `same`: give a list of at least two expressions",
            ))
            continue
        for text in group:
            key = " ".join(word.plain for word in words(text))
            if not 1 <= len(key.split()) <= MOST_WORDS:
                found.append(problem(
                    "Synonyms", name,
                    f"Eintrag {number} in `same`: „{text}“ muss aus einem bis {MOST_WORDS} Wörtern bestehen.",
                    f"entry {number} of `same`: “{text}” must have one to {MOST_WORDS} words",
                ))
            elif key in seen:
                found.append(problem(
                    "Synonyms", name,
                    f"Eintrag {number} in `same`: „{text}“ steht schon in Eintrag {seen[key]}. Bitte zusammenlegen.",
                    f"entry {number} of `same`: “{text}” already stands in entry {seen[key]}; put them together",
                ))
            else:
                seen[key] = number
    return found
