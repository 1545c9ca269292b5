"""The command line as a person meets it: exit status, clear German messages, the last good release kept."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from wir2graph.plan import Workspace


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wir2graph", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


@pytest.fixture
def data(workspace: Workspace, tmp_path: Path) -> Path:
    return Path(shutil.copytree(workspace.data, tmp_path / "data"))


def turtle_of(data: Path, folder: str) -> Path:
    return sorted((data / "musterstadt" / folder).glob("*.ttl"))[0]


def a_source(data: Path) -> str:
    return next(f.name for f in sorted((data / "musterstadt").iterdir())
                if list(f.glob("*.ttl")) and f.name != "redaktion")


def test_check_of_good_data_says_so(data: Path) -> None:
    result = run("check", "--data", data)
    assert result.returncode == 0, result.stdout
    assert result.stdout.strip().endswith("0 Fehler, 0 Warnungen, 0 Hinweise")


def test_broken_turtle_is_told_with_file_line_and_expectation(data: Path) -> None:
    file = turtle_of(data, a_source(data))
    lines = file.read_text(encoding="utf-8").count("\n")
    file.write_text(file.read_text(encoding="utf-8") + "\nwir:a wir:b", encoding="utf-8")
    result = run("check", "--data", data)
    assert result.returncode == 1
    assert f"musterstadt/{a_source(data)}/{file.name}:{lines + 2}" in result.stdout
    assert "TurtleSyntax" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


def test_a_violated_rule_is_told_with_file_line_and_name(data: Path) -> None:
    folder = data / "musterstadt" / a_source(data)
    for file in folder.glob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        if "wir:contactOffice" in text:
            kept = [line for line in text.splitlines(keepends=True) if "wir:contactOffice" not in line]
            file.write_text("".join(kept), encoding="utf-8")
    result = run("check", "--data", data)
    assert result.returncode == 1
    assert f"musterstadt/{folder.name}/" in result.stdout
    assert ": Fehler [Measure" in result.stdout


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_missing_folder_is_named(command: str, tmp_path: Path) -> None:
    result = run(command, "--data", tmp_path / "nirgends", cwd=tmp_path)
    assert result.returncode == 1
    assert "nirgends" in result.stdout
    assert "Ordner fehlt" in result.stdout
    assert "Traceback" not in result.stderr


def test_missing_source_texts_are_named(data: Path, tmp_path: Path) -> None:
    result = run("check", "--data", data, "--sources", tmp_path / "nirgends")
    assert result.returncode == 2
    assert "nirgends" in result.stderr


def test_coverage_needs_the_source_texts(data: Path) -> None:
    result = run("check", "--data", data, "--coverage")
    assert result.returncode == 2
    assert "--sources" in result.stderr


def test_coverage_is_reported_and_leaves_the_exit_status_alone(data: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for text in data.glob("*/texts/*.txt"):
        shutil.copy(text, texts)
    result = run("check", "--data", data, "--sources", texts, "--coverage")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Quelle stadtblatt-2027: 8 Abschnitte" in result.stdout
    assert "\nMeasure " in result.stdout
    (texts / "radplan.txt").unlink()
    result = run("check", "--data", data, "--sources", texts, "--coverage")
    assert result.returncode == 1
    assert "SourceTextMissing" in result.stdout
    assert "Quelle stadtblatt-2027: 8 Abschnitte" in result.stdout


def test_a_build_that_fails_keeps_the_last_good_release(data: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert run("build", "--data", data, "--state", state).returncode == 0
    good = (state / "current").resolve()
    turtle_of(data, "redaktion").write_text("kein Turtle", encoding="utf-8")
    result = run("build", "--data", data, "--state", state)
    assert result.returncode == 1
    assert (state / "current").resolve() == good


def test_a_port_in_use_is_told(data: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", "--state", tmp_path, "--port", str(port))
    assert result.returncode == 2
    assert f"Port {port} ist belegt" in result.stderr
    assert "Traceback" not in result.stderr


def test_serving_nothing_says_what_to_do(tmp_path: Path) -> None:
    result = run("serve", "--state", tmp_path, "--port", "0")
    assert result.returncode == 1
    assert "wir2graph build" in result.stderr


def test_a_wrong_operator_setting_is_told(tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text('nmae = "x"\n', encoding="utf-8")
    result = run("serve", "--state", tmp_path, "--operator", tmp_path / "operator.toml", "--port", "0")
    assert result.returncode == 1
    assert "nmae" in result.stdout


def test_help_is_german_and_names_the_commands() -> None:
    result = run("--help")
    assert result.returncode == 0
    for word in ("check", "build", "serve", "Prüft die Daten"):
        assert word in result.stdout


def test_a_folder_that_cannot_be_written_is_named(data: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("eine Datei, kein Ordner", encoding="utf-8")
    result = run("build", "--data", data, "--state", tmp_path / "state")
    assert result.returncode == 2
    assert "state" in result.stderr
    assert "Traceback" not in result.stderr


def test_serving_with_a_broken_first_build_stops_and_says_why(data: Path, tmp_path: Path) -> None:
    turtle_of(data, "redaktion").write_text("kein Turtle", encoding="utf-8")
    result = run("serve", "--build", "--data", data, "--state", tmp_path / "state", "--port", "0")
    assert result.returncode == 1
    assert "TurtleSyntax" in result.stdout
    assert "noch keine gute Ausgabe" in result.stderr


def test_serving_with_broken_data_shows_the_last_good_release_and_says_so(data: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert run("build", "--data", data, "--state", state).returncode == 0
    good = json.loads((state / "current" / "manifest.json").read_text(encoding="utf-8"))["digest"]
    turtle_of(data, "redaktion").write_text("kein Turtle", encoding="utf-8")
    command = [sys.executable, "-m", "wir2graph", "serve", "--build", "--port", "0"]
    command += ["--data", str(data), "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = next(line for line in process.stdout if line.startswith("Die Seiten stehen unter"))
            address = said.split()[4]
            with urllib.request.urlopen(f"{address}health", timeout=30) as answer:
                assert json.load(answer)["digest"] == good
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=30)
    assert "Gezeigt wird die letzte gute Ausgabe" in errors


def test_a_release_of_another_program_is_not_shown(data: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert run("build", "--data", data, "--state", state).returncode == 0
    manifest = state / "current" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "code": "of yesterday"}))
    settings = tmp_path / "operator.toml"
    settings.write_text('public_url = "https://daten.example"', encoding="utf-8")
    for command in (["serve", "--port", "0"], ["export", tmp_path / "files", "--operator", settings]):
        result = run(*command, "--state", state)
        assert result.returncode == 1
        assert "ein anderer Stand des Programms" in result.stderr
        assert "wir2graph build" in result.stderr
        assert "Traceback" not in result.stderr
