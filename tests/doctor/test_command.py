"""`wir2graph doctor` on the command line: what it prints, and its exit status for monitoring."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.serving import FIXTURES, PROGRAM, Server
from wir2graph.release import Release


def doctor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, "doctor", *arguments], capture_output=True, text=True, check=False)


def expected(release: Release) -> dict[str, str]:
    """What the doctor must say of a server of this release, that has neither name nor TLS but is set right."""
    here = release.addresses()
    missing = {"catalogue-missing": "error"} if "/catalog.ttl" not in here else {}
    return missing | ({} if any(path.endswith("/feed.ttl") for path in here) else {"feed-missing": "warning"})


def test_a_server_that_is_set_right_is_all_well(server: Server, release: Release) -> None:
    done = doctor(server.url, "--json")
    told = json.loads(done.stdout)
    found = {remark["name"]: remark["severity"] for remark in told["remarks"]
             if not remark["name"].startswith("operator-")}
    assert found == expected(release)
    assert told["url"] == server.url
    assert done.returncode == (1 if told["errors"] else 0)
    assert told["errors"] + told["warnings"] + told["hints"] == len(told["remarks"])
    assert all(remark[key] for remark in told["remarks"] for key in ("asked", "came", "advice"))


def test_people_are_told_in_words_what_to_do(server: Server) -> None:
    done = doctor(f"{server.url}/", "--operator", FIXTURES / "operator.toml")
    assert "Fehler [public-url]" in done.stdout
    assert "zu tun:" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"{server.url}: ")
    assert done.returncode == 1


def test_a_server_that_does_not_answer_is_an_error() -> None:
    done = doctor("http://127.0.0.1:1")
    assert done.returncode == 1
    assert "Fehler [unreachable]" in done.stdout


def test_what_cannot_be_examined_has_a_status_of_its_own(tmp_path: Path) -> None:
    for wrong in ("daten.musterstadt.example", "ftp://daten.example", "https://daten.example/?q=1"):
        done = doctor(wrong)
        assert done.returncode == 2, wrong
        assert "keine Adresse" in done.stderr
    settings = tmp_path / "operator.toml"
    settings.write_text("namen = 1\n", encoding="utf-8")
    done = doctor("http://127.0.0.1:1", "--operator", settings)
    assert done.returncode == 2
    assert "Unbekannte Einstellung" in done.stdout
