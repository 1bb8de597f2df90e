"""The paths that are measured: what svcdesk does, and what a person would otherwise run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench import desks
from bench import histories
from bench.desks import OUT
from bench.installed import programs
from bench.timing import Race
from bench.timing import Run
from bench.timing import chain
from bench.timing import command

CHECKER = str(Path(sys.executable).parent / "check-jsonschema")
LOAN = {
    "key": "K-A0001",
    "borrower": "S-A0030",
    "purpose": "inspect the pump",
    "due": "2026-01-05T18:00:00+08:00",
}
OPEN_LOANS = """
import click, tabulate, sqlite3
found = sqlite3.connect(".git/svcdesk/index.db").execute(
    "SELECT document FROM field JOIN record ON record.number = field.record"
    " WHERE field.register = 'key-loan' AND name = 'state' AND value = 'issued'").fetchall()
print(tabulate.tabulate(found))
"""
SAMPLE = 10  # single commands that stand for a hundred times as many
_numbers = count(int(time.time()) % 10**6 * 1000)


def races() -> Iterator[Race]:
    """Yield every race; the desks that one needs are made when it is reached."""
    yield from _starts()
    yield from _reads(100_000)
    yield from _checks(10_000, 100_000)
    yield from _acts(1_000, None)
    yield from _acts(100_000, 1.2)
    yield _many(1_000)
    yield from _verifications(10_000)


def python(code: str, folder: Path = OUT) -> Run:
    """Return a run of Python code by the interpreter that runs svcdesk."""
    return command([str(programs() / "python"), "-c", code], folder)


def svcdesk(folder: Path, *arguments: str, ok: tuple[int, ...] = (0,)) -> Run:
    """Return a run of svcdesk on a desk."""
    return command([str(programs() / "svcdesk"), *arguments], folder, ok)


def _starts() -> Iterator[Race]:
    yield Race(
        "start: svcdesk --version",
        'python -c "import click"',
        1.5,
        svcdesk(OUT, "--version"),
        python("import click"),
        runs=21,
    )


def _reads(records: int) -> Iterator[Race]:
    desk = desks.desk(records)
    yield Race(
        f"list: 50 rows of {records:,}",
        'python -c "import click, tabulate, sqlite3"',
        2.0,
        svcdesk(desk, "key", "loan", "list"),
        python("import click, tabulate, sqlite3"),
        runs=21,
    )
    for title, arguments in (
        ("list: open loans", ("key", "loan", "list", "--where", "state=issued")),
        ("due", ("due",)),
    ):
        ours = svcdesk(desk, *arguments, ok=(0, 1))
        yield Race(
            f"{title}, of {records:,}", "the bare SQL in Python", 2.0, ours, python(OPEN_LOANS, desk), runs=11
        )


def _checks(cold: int, warm: int) -> Iterator[Race]:
    desk = desks.desk(cold)
    yield Race(
        f"check: {cold:,}, cold",
        "check-jsonschema, files and schemas",
        15.0,
        _from_nothing(desk),
        chain(*_by_schema(desk)),
        runs=5,
        faster=True,
        warm=False,
    )
    yield Race(
        f"check: {warm:,}, nothing changed",
        "git status",
        3.0,
        svcdesk(desks.desk(warm), "check"),
        command(["git", "status"], desks.plain(warm)),
        runs=11,
    )


def _from_nothing(desk: Path) -> Run:
    """Return a run of a check that nothing is known for."""
    check = svcdesk(desk, "check")

    def run() -> float:
        for file in (desk / ".git" / "svcdesk").glob("index.db*"):
            file.unlink()
        return check()

    return run


def _by_schema(desk: Path) -> Iterator[Run]:
    for folder in sorted((desk / "records").iterdir()):
        if folder.is_dir():
            files = sorted(str(each.relative_to(desk)) for each in folder.rglob("*.yaml"))
            yield command([CHECKER, "--schemafile", f"schemas/{folder.name}.json", *files], desk)


def _acts(records: int, target: float | None) -> Iterator[Race]:
    desk, plain = desks.desk(records), desks.plain(records)
    with desks.put_back(desk), desks.put_back(plain):
        options = [part for name, value in LOAN.items() for part in (f"--{name}", value)]
        yield Race(
            f"one act at {records:,}",
            "git add && git commit",
            target,
            svcdesk(desk, "key", "loan", "request", *options),
            _bare(plain, next((desk / "records" / "key-loan" / "2405" / "A00").iterdir()).read_bytes()),
            runs=11,
        )


def _bare(plain: Path, content: bytes) -> Run:
    """Return a run that adds and commits one new file of the same size, as a person with git alone would."""
    folder = plain / "records" / "key-loan" / "2601" / "A00"
    folder.mkdir(parents=True, exist_ok=True)

    def run() -> float:
        file = folder / f"KL2601-A{next(_numbers)}.yaml"
        file.write_bytes(content)
        add = command(["git", "add", str(file)], plain)
        return chain(add, command(["git", "commit", "--quiet", "--message", f"add {file.name}"], plain))()

    return run


SIGNATURES = """
from pathlib import Path
from svcdesk.commits import parse
from svcdesk.desk import Desk
from svcdesk.sshsig import verify
desk = Desk(Path.cwd())
keys = [Path(".git/key.pub").read_text().strip()]
listed = desk.store.git.run("rev-list", "-{count}", "main").decode().split()
commits = [parse(oid, body) for oid, body in desk.store.blobs(listed)]
assert all(verify(each.payload, each.signature, keys) for each in commits)
"""
NEW = 100  # commits since the last verification


def _verifications(commits: int) -> Iterator[Race]:
    desk = histories.history(commits)
    verify = svcdesk(desk, "audit", "verify")
    listed = command(["git", "log", "--raw"], desk)
    yield Race(f"audit verify: {commits:,} commits", "git log --raw", 15.0, verify, listed, runs=5)
    check = _from_nothing(desks.desk(commits))
    title = f"audit verify: {commits:,} versions of records"
    yield Race(title, "svcdesk check of as many records, cold", 1.5, verify, check, runs=3, warm=False)
    recent = ("audit", "verify", f"HEAD~{NEW}..")
    yield Race(
        f"audit verify: the last {NEW} of {commits:,}",
        f"the last {NEW} of {commits // 5:,}",
        1.3,
        svcdesk(desk, *recent),
        svcdesk(histories.history(commits // 5), *recent),
        runs=11,
    )
    signed = histories.signed_history()
    listed_signed = ["git", "rev-list", f"-{histories.SIGNED}", "main"]
    names = subprocess.run(
        listed_signed, cwd=signed, capture_output=True, text=True, check=True
    ).stdout.split()
    yield Race(
        f"{histories.SIGNED} signatures",
        "git verify-commit",
        20.0,
        python(SIGNATURES.format(count=histories.SIGNED), signed),
        command(["git", "verify-commit", *names], signed),
        runs=5,
        faster=True,
    )


def _many(acts: int) -> Race:
    """Return the race of many acts in one command against as many commands, each on a fresh copy of a desk."""
    source, desk = desks.desk(1_000), OUT / "many"

    def fresh(run: Run) -> Run:
        def renewed() -> float:
            shutil.rmtree(desk, ignore_errors=True)
            shutil.copytree(source, desk)
            (desk / "loans.json").write_text(json.dumps([LOAN] * acts), "utf-8")
            svcdesk(desk, "key", "loan", "list")()
            return run()

        return renewed

    options = [part for name, value in LOAN.items() for part in (f"--{name}", value)]
    single = chain(*[svcdesk(desk, "key", "loan", "request", *options)] * SAMPLE)
    return Race(
        f"{acts:,} acts in one command",
        f"as many commands ({SAMPLE} timed)",
        0.1,
        fresh(svcdesk(desk, "key", "loan", "request", "--from", "loans.json")),
        fresh(lambda: single() * acts / SAMPLE),
        runs=5,
        warm=False,
    )
