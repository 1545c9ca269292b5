from __future__ import annotations

import hashlib
import re

from wir2graph.plan import find_workspace

STATIC = find_workspace().site / "static"


def test_third_party_files_are_the_named_ones_unmodified() -> None:
    notice = (STATIC / "THIRD-PARTY.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", notice))
    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "kern").rglob("*") if path.suffix in (".css", ".woff2", ".js")
    }
    assert len(found) > 5
    assert named == found


def test_the_licence_texts_lie_beside_the_files() -> None:
    assert "OPEN FONT LICENSE" in (STATIC / "kern/fonts/OFL.txt").read_text(encoding="utf-8")
    assert "EUPL" in (STATIC / "kern/LICENSE.md").read_text(encoding="utf-8")


def test_style_sheets_refer_to_files_of_the_site_only() -> None:
    checked = 0
    for path in STATIC.rglob("*.css"):
        for reference in re.findall(r"url\(\s*[\"']?([^\"')\s]+)", path.read_text(encoding="utf-8")):
            if not reference.startswith("data:"):
                checked += 1
                assert (path.parent / reference).is_file(), reference
    assert checked


def test_colours_come_from_kern_so_that_dark_stays_dark() -> None:
    own = (STATIC / "site.css").read_text(encoding="utf-8")
    kern = (STATIC / "kern/kern.min.css").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(|\bhsla?\(|\boklch\(", own)
    declared = re.findall(r"(?:color|background|border[\w-]*|outline)\s*:\s*([^;}]+)", own)
    plain = re.compile(r"var\(--kern-color-|transparent|inherit|none|^[\d.]+(?:px|rem)?$")
    assert not [value for value in declared if not plain.search(value)]
    used = set(re.findall(r"var\((--kern-[\w-]+)", own))
    assert used
    assert not [name for name in used if f"{name}:" not in kern]
