"""The command `wir2graph`: check · build · serve · export · diff · release · doctor.

Exit status: 0 all well, 1 the data (or the deployment that the doctor sees) is at fault, findings say where, 2 the
command could not be run as asked.
"""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import Progress

from wir2graph import onefile, release
from wir2graph.coverage import report
from wir2graph.dataset import Dataset, load
from wir2graph.findings import Finding, InputError, violations
from wir2graph.history import versions
from wir2graph.history.diff import difference
from wir2graph.operator import load_operator
from wir2graph.plan import Plan, find_workspace
from wir2graph.sources import read_texts

AT_FAULT: Final = 1
NOT_AS_ASKED: Final = 2

Data = Annotated[Path | None, typer.Option(help="Ordner mit den Plänen; ohne Angabe die mitgelieferten.")]
State = Annotated[Path, typer.Option(help="Ordner, in den Ausgaben geschrieben werden.")]
PlanName = Annotated[str | None, typer.Option(help="Nur dieser Plan (sein Ordner); ohne Angabe alle.")]
STATE: Final = Path(".state")
_LAST_REQUESTS: Final = 5  # seconds that running requests get when the server is told to end


def check(
    data: Data = None,
    sources: Annotated[Path | None, typer.Option(
        help="Ordner mit den Quelltexten (<quelle>.txt): beweist jedes Zitat und schreibt quotes.lock; findet"
             " Abgeschriebenes und Namen von Personen.")] = None,
    coverage: Annotated[bool, typer.Option(
        "--coverage", help="Zeigt auch, welche Abschnitte der Quellen kein Beleg nennt (mit --sources).")] = False,
) -> None:
    """Prüft die Daten und nennt jeden Befund mit Datei und Zeile."""
    from wir2graph import check as checks  # pyshacl takes 0.6 s to import: only where it is needed

    with _clear_errors():
        workspace = find_workspace(data)
        if coverage and sources is None:
            _stop("--coverage braucht die Quelltexte: bitte --sources ORDNER angeben.", NOT_AS_ASKED)
        if sources is not None and not sources.is_dir():
            _stop(f"Ordner der Quelltexte nicht gefunden: {sources}", NOT_AS_ASKED)
        dataset = load(workspace)
        findings = checks.check(dataset, workspace, sources)
        _report(findings)
        if coverage and sources is not None:
            _report_coverage(dataset, sources)
        raise typer.Exit(AT_FAULT if violations(findings) else 0)


def build(data: Data = None, state: State = STATE) -> None:
    """Prüft die Daten und schreibt daraus eine Ausgabe; bei Fehlern bleibt die letzte gute bestehen."""
    from wir2graph import check as checks

    with _clear_errors():
        workspace = find_workspace(data)
        with Console(stderr=True).status("Ausgabe bauen") as status:
            result = release.build(workspace, state, lambda dataset: checks.check(dataset, workspace), status.update)
        _report(result.findings)
        if result.folder is None:
            _err("Keine neue Ausgabe: bitte zuerst die Fehler oben beheben. Eine frühere Ausgabe bleibt unverändert.")
            raise typer.Exit(AT_FAULT)
        typer.echo(f"Ausgabe {result.digest} liegt in {result.folder}")


def serve(
    data: Data = None,
    state: State = STATE,
    operator: Annotated[Path | None, typer.Option(help="Einstellungen des Betreibers (operator.toml).")] = None,
    host: Annotated[str, typer.Option(help="Adresse, an der gelauscht wird.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 nimmt einen freien.")] = 8000,
    root_path: Annotated[str, typer.Option(help="Pfad, unter dem ein vorgeschalteter Server die Seiten zeigt.")] = "",
    build_first: Annotated[bool, typer.Option("--build", help="Vorher bauen.")] = False,
) -> None:
    """Zeigt die letzte gute Ausgabe; eine neue Ausgabe wird ohne Neustart übernommen.

    Nennt --data eine RDF-Datei statt eines Ordners, so wird nur sie abfragbar gemacht, mit ihrem Standardgraphen.
    """
    with _clear_errors(), _state(data, state) as state:
        settings = load_operator(operator)
        listening = _listen(host, port)
        failed = build_first and not (data and data.is_file()) and _build_apart(data, state) != 0
        if failed and release.current(state) is None:
            _stop("Es gibt noch keine gute Ausgabe, die gezeigt werden könnte.", AT_FAULT)
        if release.current(state) is None:
            _stop(f"In {state} liegt keine Ausgabe. Bitte zuerst „wir2graph build“ ausführen.", AT_FAULT)
        if failed:
            _err("Gezeigt wird die letzte gute Ausgabe.")

        import uvicorn

        from wir2graph.web.app import create_app
        from wir2graph.web.protocol import Protocol

        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}{root_path}"
        app = create_app(state, settings, listening=address, root_path=root_path)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
            http=Protocol, loop="uvloop", ws="none", timeout_graceful_shutdown=_LAST_REQUESTS,
        )
        typer.echo(f"Die Seiten stehen unter {address}/ (beenden mit Strg+C)")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[listening])


def export(
    folder: Annotated[Path, typer.Argument(help="Ordner, der entsteht; ein früherer Export darin wird ersetzt.",
                                           metavar="ORDNER")],
    state: State = STATE,
    operator: Annotated[Path | None, typer.Option(
        help="Einstellungen des Betreibers (operator.toml); der Export braucht daraus public_url.")] = None,
) -> None:
    """Schreibt die letzte gute Ausgabe als Dateien, die ein Webserver ohne dieses Programm zeigen kann."""
    from wir2graph import export as exports

    with _clear_errors():
        settings = load_operator(operator)
        found = release.current(state)
        if found is None:
            _stop(f"In {state} liegt keine Ausgabe. Bitte zuerst „wir2graph build“ ausführen.", AT_FAULT)
        changed = datetime.fromtimestamp(int(operator.stat().st_mtime), UTC) if operator else None
        try:
            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("Dateien schreiben")
                done = exports.export(
                    found, settings, folder, lambda now, of: bar.update(task, completed=now, total=of), changed,
                )
        except exports.Refused as refused:
            _stop(str(refused), NOT_AS_ASKED)
        typer.echo(f"{done.addresses} Adressen liegen als Dateien in {folder} ({done.size / 2**20:.0f} MB).")
        typer.echo(f"nginx zeigt sie mit {folder / 'nginx.conf'}; nach jedem Export bitte „nginx -s reload“.")


def diff(
    since: Annotated[str | None, typer.Argument(
        help="Ausgabe (JJJJ-MM-TT), von der an verglichen wird; sonst die letzte.", metavar="VON")] = None,
    until: Annotated[str | None, typer.Argument(
        help="Ausgabe, bis zu der verglichen wird; sonst die Daten, wie sie sind.", metavar="BIS")] = None,
    data: Data = None,
    plan: PlanName = None,
    language: Annotated[str, typer.Option(help="Sprache: de oder en.")] = "de",
) -> None:
    """Zeigt, was sich zwischen zwei Ausgaben geändert hat oder seit der letzten."""
    from wir2graph.history.tell import Teller

    with _clear_errors():
        if language not in ("de", "en"):
            _stop(f"Die Sprache {language} gibt es nicht. Bitte --language de oder en angeben.", NOT_AS_ASKED)
        dataset = load(find_workspace(data))
        for one in _plans(dataset, plan):
            known = [version.name for version in versions.read_versions(one)]
            names = [since or (known[-1] if known else None), until]
            if unknown := [name for name in names if name is not None and name not in known]:
                _stop(f"{one.slug} hat keine Ausgabe {unknown[0]}. Bekannt sind: {', '.join(known) or 'keine'}.",
                      NOT_AS_ASKED)
            before, after = names
            old = versions.replay(one, before) if before else set()
            new = versions.replay(one, after) if after else set(dataset.quads(one))
            typer.echo(f"{one.slug}: {before or '–'} → {after or one.folder}")
            for line in Teller(dataset, one, language).lines(difference(one, old, new)):
                typer.echo(line)


def new_version(data: Data = None, plan: PlanName = None) -> None:
    """Prüft die Daten und legt sie als neue Ausgabe in releases/ ab: als Unterschied zur letzten (RDF Patch)."""
    from wir2graph import check as checks
    from wir2graph.history.check import forbidding

    with _clear_errors():
        workspace = find_workspace(data)
        dataset = load(workspace)
        findings = forbidding(checks.check(dataset, workspace))
        _report(findings)
        if violations(findings):
            _stop("Keine neue Ausgabe: bitte zuerst die Fehler oben beheben.", AT_FAULT)
        chosen = _plans(dataset, plan)
        try:
            patches = {one.slug: versions.next_version(dataset, one) for one in chosen}
        except versions.NotLater as error:
            _stop(f"Keine neue Ausgabe: Die Daten sind anders als in der Ausgabe {error.version}, tragen aber keinen"
                  f" späteren Tag. Bitte in {error.plan.slug}/plan.toml `released` auf den Tag der neuen Ausgabe"
                  " setzen.", AT_FAULT)
        for one in chosen:
            patch = patches[one.slug]
            if patch is None:
                typer.echo(f"{one.slug}: unverändert seit der letzten Ausgabe; es gibt keine neue.")
            else:
                file = versions.publish(one, patch)
                typer.echo(f"{one.slug}: Ausgabe {one.released} liegt in {file} ({len(patch.added)} Aussagen neu,"
                           f" {len(patch.deleted)} entfallen). Bitte diese Datei mit den Daten einchecken.")


def _plans(dataset: Dataset, slug: str | None) -> tuple[Plan, ...]:
    """Return the plan that is named, or all."""
    chosen = tuple(plan for plan in dataset.plans if slug in (None, plan.slug))
    if not chosen:
        known = ", ".join(plan.slug for plan in dataset.plans)
        _stop(f"Den Plan {slug} gibt es nicht. Bekannt sind: {known}.", NOT_AS_ASKED)
    return chosen


def doctor(
    url: Annotated[str, typer.Argument(help="Adresse, unter der die Seiten von außen stehen, mit Pfad.",
                                       metavar="ADRESSE")],
    operator: Annotated[Path | None, typer.Option(
        help="Einstellungen des Betreibers (operator.toml): prüft auch, was darin für GovData fehlt.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Gibt die Befunde als JSON aus.")] = False,
) -> None:
    """Fragt eine veröffentlichte Seite, was Portale und Forschende fragen, und sagt, was zu tun ist.

    Der Status ist 0, wenn es keine Fehler gibt, 1 bei Fehlern und 2, wenn die Prüfung nicht möglich war.
    """
    from wir2graph import doctor as doctors

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        _stop(f"„{url}“ ist keine Adresse von Seiten. Beispiel: wir2graph doctor https://daten.musterstadt.example",
              NOT_AS_ASKED)
    try:
        settings = load_operator(operator) if operator else None
    except InputError as error:
        _report(error.findings)
        raise typer.Exit(NOT_AS_ASKED) from None
    with Console(stderr=True).status("Fragen") as status:
        found = doctors.examine(url, settings, progress=lambda name: status.update(f"Fragen: {name}"))
    typer.echo(found.as_json() if as_json else found.as_text())
    raise typer.Exit(AT_FAULT if found.count("error") else 0)


@contextmanager
def _state(data: Path | None, state: Path) -> Iterator[Path]:
    """Give the folder of releases: for a single file one that is gone afterwards."""
    if data is None or not data.is_file():
        yield state
        return
    with tempfile.TemporaryDirectory() as folder:
        onefile.build(data, find_workspace(), Path(folder))
        yield Path(folder)


def _build_apart(data: Path | None, state: Path) -> int:
    """Build in a process of its own, so that the server does not keep the checker's memory."""
    command = [sys.executable, "-m", "wir2graph", "build", "--state", str(state)]
    return subprocess.run([*command, *(["--data", str(data)] if data else [])], check=False).returncode


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off (40 ms an answer) only where it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # whoever connects before the server is ready waits instead of being refused
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            _stop(f"Port {port} ist belegt. Bitte einen anderen wählen, zum Beispiel --port {port + 1}.", NOT_AS_ASKED)
        _stop(f"An {host}:{port} kann nicht gelauscht werden: {error.strerror}.", NOT_AS_ASKED)
    return listening


def _report(findings: Iterable[Finding]) -> None:
    names = {"violation": "Fehler", "warning": "Warnung", "info": "Hinweis"}
    counts = dict.fromkeys(names, 0)
    for finding in findings:
        counts[finding.severity] += 1
        about = f" ({finding.subject})" if finding.subject and finding.file else ""
        typer.echo(f"{finding.place()}: {names[finding.severity]} [{finding.rule}] {finding.message_de}{about}")
    typer.echo(f"{counts['violation']} Fehler, {counts['warning']} Warnungen, {counts['info']} Hinweise")


def _report_coverage(dataset: Dataset, sources: Path) -> None:
    for plan in dataset.plans:
        for line in report(dataset, plan, read_texts(dataset, plan, sources)):
            typer.echo(line)


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except InputError as error:
        _report(error.findings)
        raise typer.Exit(AT_FAULT) from None
    except release.OtherProgram as error:
        _stop(str(error), AT_FAULT)
    except OSError as error:
        _stop(f"{error.filename or 'Ein-/Ausgabe'}: {error.strerror or error}", NOT_AS_ASKED)


def _err(message: str) -> None:
    typer.echo(message, err=True)


def _stop(message: str, status: int) -> NoReturn:
    _err(message)
    raise typer.Exit(status)


def main() -> None:
    """Run the command line."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                      help="Kommunale Pläne als offene, verknüpfte Daten prüfen, bauen und zeigen.")
    for command in (check, build, serve, export, diff, doctor):
        app.command()(command)
    app.command("release")(new_version)
    app()
