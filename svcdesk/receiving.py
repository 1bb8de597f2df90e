"""The server's side: what is pushed is judged before it is accepted, by the verifier of the audit."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from svcdesk import VERSION
from svcdesk.accepted import judged_up_to
from svcdesk.accepted import keep_accepted
from svcdesk.audit.reviewing import COMPROMISED
from svcdesk.audit.scene import Scene
from svcdesk.audit.starting import verify
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verdicts import is_worse
from svcdesk.audit.verifying import Verifier
from svcdesk.audit.windows import WINDOW
from svcdesk.desk import CONFIG
from svcdesk.desk import STATE
from svcdesk.desk import Config
from svcdesk.desk import Desk
from svcdesk.desk import read_config
from svcdesk.errors import BadInput
from svcdesk.errors import Refused
from svcdesk.git import Git
from svcdesk.lock import refuse_falsified
from svcdesk.model import Finding
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.objects import NO_OBJECT
from svcdesk.pin import RETURNED
from svcdesk.pin import first_of
from svcdesk.proofs import Proofs
from svcdesk.reader import MAIN
from svcdesk.reader import Reader

MOST_COMMITS = 2_000
"""Commits in one push to a desk that stands; the push that founds it may bring its whole history."""

ACCEPTED = ("valid", "consistent", "late", "suspect")
"""Verdicts with which a commit is let in: what is suspect was legal; exceptions are for what stands already."""

AFTERWARDS = frozenset((COMPROMISED, RETURNED, WINDOW))
"""What is said of legal commits alone."""

SETTINGS = {
    "receive.hideRefs": "refs/",
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "true",
    "receive.fsckObjects": "true",
    "receive.maxInputSize": "20m",
    "receive.autogc": "false",
    "core.logAllRefUpdates": "true",
    "core.fsync": "all",
}
"""What a bare repository is set to: git's own defaults protect branches only, and let replace refs in."""

SHOWN = f"!{MAIN}"

REDO = text("take it back with git reset, and do it again with svcdesk")
STOOD = text(
    "it stands on this server and came by no push: who keeps the server sets main back to what it was,"
    " or the desk lets it stand, see svcdesk sync --help"
)
SYNC = text("svcdesk sync joins the two histories")
ADVICE = {
    "history-kept": SYNC,
    "commit-time": text("set the clock of that machine right, and do it again"),
    "many-commits": text("push them in parts"),
    "main-only": text("push main alone: git push origin main"),
}
"""rule: what to do about it; otherwise, to do it again with svcdesk."""


class Update(NamedTuple):
    """A ref that a push would move: from where (empty: it is new), to where (empty: it would go), its name."""

    old: str
    new: str
    ref: str


def read_updates(lines: Sequence[str]) -> list[Update]:
    """Return what git tells a pre-receive hook on its input; raises BadInput on anything else."""
    found = []
    for line in lines:
        parts = line.rstrip("\n").split(" ", 2)
        if len(parts) < 3 or any(len(each) != len(NO_OBJECT) for each in parts[:2]):
            raise BadInput(text("git tells a pre-receive hook: old id, new id, ref; not {line!r}", line=line))
        old, new = (each.replace(NO_OBJECT, "") for each in parts[:2])
        found.append(Update(old, new, parts[2]))
    return found


def judge_push(folder: Path, updates: Sequence[Update], now: datetime) -> int:
    """Return how many commits of a push to a bare repository were judged, and found good.

    Raises Refused with all that is against it; to be called within git's quarantine.
    """
    repository = Git(folder, folder, in_quarantine=True)
    refuse_falsified(folder)
    for update in updates:
        _refuse(list(_against(update)))
    judged = 0
    for update in updates:
        desk = Desk(folder, repository)
        known = judged_up_to(desk.store, update.old)
        stood = _moved_past(desk, update.old, known)
        bad: list[Finding] = []
        for verdict in _verdicts(desk, update, now, known):
            judged += verdict.commit not in stood
            bad += _faults(verdict, stood)
        _refuse(bad)
        keep_accepted(folder, (update.old, update.new))
    return judged


def _moved_past(desk: Desk, tip: str, known: str) -> Collection[str]:
    """Return the commits up to main's tip that no push brought, or before anybody kept account of it."""
    return {each.oid for each in desk.store.history(tip, [known] if known else [])} if tip != known else ()


def _faults(verdict: Verdict, stood: Collection[str]) -> Iterator[Finding]:
    """Yield what is against a push: on a commit that it brings, or on one that main was moved past."""
    if verdict.commit in stood:
        yield from _named(verdict, STOOD) if is_worse(verdict.level, "suspect") else ()
    elif not _is_let_in(verdict):
        yield from _named(verdict)


def _against(update: Update) -> Iterator[Finding]:
    """Say what is against a ref's being moved, whatever the commits are."""
    if update.ref != MAIN:
        yield Finding("main-only", text("{ref}: a desk has the branch main and no other ref", ref=update.ref))
    elif not update.new:
        yield Finding("history-kept", text("the branch main is never deleted"))


def _verdicts(desk: Desk, update: Update, now: datetime, known: str) -> Iterator[Verdict]:
    store = desk.store
    if update.old != desk.tip:
        yield _refusal(update, "history-kept", text("main was moved by another push; fetch and try again"))
        return
    added = store.between(update.old, update.new)
    if update.old and (not added or store.parents(added[0])[:1] != [update.old]):
        yield _refusal(update, "history-kept", text("the published tip is no first parent of what is pushed"))
        return
    if update.old and len(added) > MOST_COMMITS:
        message = text(
            "{count} commits in one push, {most} at most", count=len(added), most=MOST_COMMITS
        )
        yield _refusal(update, "many-commits", message)
        return
    if update.old != known:
        desk.config = _config(store, first_of(store, update.new))
        yield from verify(desk, update.new, now, known)
        return
    desk.config = _config(store, update.old or update.new)
    scene = Scene(store, desk.registers, desk.zone)
    if update.old:
        scene = Scene(store, desk.registers, desk.zone, desk.index, update.old, Proofs(desk))
    yield from Verifier(store, desk.registers, scene, now).run(update.new, [update.old] if update.old else [])


def _config(store: Reader, commit: str) -> Config:
    """Return what a commit says of the desk; raises BadInput where it is none."""
    return read_config(store.read(commit, CONFIG) or b"")


def _is_let_in(verdict: Verdict) -> bool:
    """Whether a commit may come in: what is excepted only for what was done later was legal too."""
    rules = {each.rule for each in verdict.findings}
    return verdict.level in ACCEPTED or (verdict.level == "excepted" and not rules.isdisjoint(AFTERWARDS))


def _refusal(update: Update, rule: str, message: Text) -> Verdict:
    return Verdict(update.new, "invalid", findings=(Finding(rule, message),))


def _named(verdict: Verdict, advice: Text | None = None) -> Iterator[Finding]:
    for each in verdict.findings:
        place = verdict.place(each)
        message = text(
            "{commit} {record}: {fault}; {advice}",
            commit=verdict.commit[:12],
            record=place or "-",
            fault=each.message,
            advice=advice or ADVICE.get(each.rule, REDO),
        )
        yield Finding(each.rule, message, each.clauses, record=place)


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise Refused(text("the push is refused; nothing was taken over"), findings)


def recipe_for(service: str) -> str:
    """Return the pipeline by which a hosting service judges pushes with this version of svcdesk."""
    text_of = files("svcdesk").joinpath("data", "recipes", f"{service}.yml").read_text("utf-8")
    return text_of.replace("VERSION", VERSION)


def install(folder: Path, now: datetime) -> None:
    """Set a bare repository up as a desk's server: settings and hook; an empty or new folder becomes one.

    Raises BadInput on a folder that is anything else, Refused where the history that it holds is bad, StorageFailed.
    """
    repository = Git(folder, folder)
    if not folder.exists() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        repository.run(
            "init", "--quiet", "--bare", "--template=", "--object-format=sha1", "--initial-branch=main"
        )
    if not (folder / "objects").is_dir() or (folder / ".git").exists():
        raise BadInput(text("{folder} is no bare repository; git init --bare makes one", folder=str(folder)))
    _accept(repository, now)
    # A clone checks out what HEAD names: it would have no files where that is another branch.
    repository.run("symbolic-ref", "HEAD", MAIN)
    for name, value in SETTINGS.items():
        repository.set_config(name, value)
    repository.run("config", "--local", "--add", "--end-of-options", "receive.hideRefs", SHOWN)
    (folder / STATE).mkdir(exist_ok=True)
    hook = folder / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=shlex.quote(sys.executable)), "utf-8")
    hook.chmod(0o755)


def _accept(repository: Git, now: datetime) -> None:
    """Judge what a repository holds before there is a hook, and account for it; raises Refused."""
    desk = Desk(repository.root, repository)
    tip = desk.tip
    if not tip:
        return
    known = judged_up_to(desk.store, tip)
    desk.config = _config(desk.store, first_of(desk.store, tip))
    verdicts = verify(desk, tip, now, known) if known != tip else ()
    bad = [fault for each in verdicts if is_worse(each.level, "suspect") for fault in _named(each, STOOD)]
    if bad:
        raise Refused(text("the history in {folder} is bad; nothing was set up", folder=str(repository.root)), bad)
    keep_accepted(repository.root, (tip,))


HOOK = """#!/bin/sh
# What is pushed is judged before it is accepted; without svcdesk nothing is.
exec {python} -I -m svcdesk hook pre-receive
"""
