"""The pin: which history this clone has verified last; what a server shows later has to extend it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from typing import NamedTuple

from svcdesk import yamlio
from svcdesk.durable import save
from svcdesk.errors import BadYaml
from svcdesk.errors import Violation
from svcdesk.lock import refuse_falsified
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.reader import Reader

FILE = "svcdesk/pin.json"
COMMIT = re.compile(r"[0-9a-f]{40}")
EVIDENCE = "svcdesk/evidence"
VERIFIED = text("which this clone has verified")
RETURNED = "history-kept"
"""The rule that an approved exception names for the last commit that a server had lost and was given back."""
EXCEPTIONS = "records/audit-exception"


class Pin(NamedTuple):
    """The first commit of a desk's history, by which a desk is known, and the last one that was verified.

    `size` is the number of commits on the first parents up to `tip`; 0 where nobody has counted.
    """

    genesis: str
    tip: str
    size: int = 0
    shared: Mapping[str, str] = MappingProxyType({})
    """For each remote the last commit that it held: what was verified before it is published may be joined to more."""


def read_pin(git_dir: Path) -> Pin | None:
    """Return what this clone has pinned, or None where it has verified nothing yet; raises Violation."""
    path = git_dir / FILE
    try:
        kept = json.loads(path.read_bytes())
        shared = {str(name): str(tip) for name, tip in kept.get("shared", {}).items()}
        pin = Pin(str(kept["genesis"]), str(kept["tip"]), int(kept.get("size", 0)), shared)
        if not all(map(COMMIT.fullmatch, (pin.genesis, pin.tip, *shared.values()))):
            raise ValueError(path)
        return pin
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = text("the pin in {path} cannot be read; restore it from a backup", path=FILE)
        raise Violation(message) from error


def write_pin(git_dir: Path, pin: Pin) -> None:
    """Remember what was verified; raises OSError."""
    save(git_dir / FILE, json.dumps(_entry(pin)).encode("ascii"))


def _entry(pin: Pin) -> dict[str, Any]:
    shared = {"shared": dict(pin.shared)} if pin.shared else {}
    return {"genesis": pin.genesis, "tip": pin.tip, "size": pin.size, **shared}


def keep_pin(store: Reader, tip: str, remote: str = "") -> None:
    """Pin a commit that was verified, and that a remote now holds where one is named; a pin never goes back.

    Raises Violation where it does not extend what was pinned, OSError. A remote's history may hold what was pinned
    on a side: this clone's own acts, joined to what others had published first.
    """
    pin = read_pin(store.git.git_dir)
    if pin is None:
        line = store.between("", tip)
        moved = Pin(line[0], tip, len(line))
    elif store.exists(pin.tip) and store.extends(pin.tip, tip):
        moved = pin
    elif store.exists(pin.tip) and store.extends(tip, pin.tip):
        size = pin.size or len(store.between("", pin.tip))
        moved = pin._replace(tip=tip, size=size + len(store.between(pin.tip, tip)))
    else:
        if not remote or not store.holds(tip, pin.tip):
            hold_to_pin(store, pin, tip)
        moved = pin._replace(tip=tip, size=len(store.between("", tip)))
    held = {name: shared_pin(store, moved, name).tip for name, seen in _seen(store).items() if store.holds(tip, seen)}
    moved = moved._replace(shared={**moved.shared, **held, **({remote: tip} if remote else {})})
    if moved != pin:
        write_pin(store.git.git_dir, moved)


def shared_pin(store: Reader, pin: Pin, remote: str) -> Pin:
    """Return what a remote has to extend: the last that it held, by the last sync or by what git took down."""
    known, seen = pin.shared.get(remote, ""), _seen(store).get(remote, "")
    if seen and (not known or (store.exists(known) and store.extends(seen, known))):
        known = seen
    return Pin(pin.genesis, known or pin.genesis)


def _seen(store: Reader) -> dict[str, str]:
    """Return for each remote what git took down of it when it last fetched."""
    listed = store.git.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/remotes/*/main")
    pairs = (line.split(" ") for line in listed.decode("utf-8", "surrogateescape").splitlines())
    return {name.split("/")[2]: tip for name, tip in pairs}


def unpublished(store: Reader, tip: str) -> int:
    """Return how many commits up to `tip` no remote of this clone is known to hold; 0 where it has no remote."""
    return min((len(store.between(each, tip)) for each in published_tips(store)), default=0)


def published_tips(store: Reader) -> list[str]:
    """Return what the remotes of this clone are known to hold; raises Violation."""
    pin = read_pin(store.git.git_dir)
    shared = pin.shared.values() if pin else ()
    return [each for each in (*shared, *_seen(store).values()) if store.exists(each)]


def check_pin(store: Reader, main: str) -> Pin | None:
    """Return the clone's pin, which main extends; raises Violation where it does not, NeedsAttention."""
    refuse_falsified(store.git.git_dir)
    pin = read_pin(store.git.git_dir)
    if pin is not None:
        hold_main(store, pin, main)
    return pin


def pin_verified(store: Reader, main: str, known: str, tip: str) -> None:
    """Pin `tip`, found good from `known` on (empty: from the first commit), unless that leaves a gap."""
    pin = read_pin(store.git.git_dir)
    follows = not known or (pin is not None and store.extends(pin.tip, known))
    if follows and store.extends(main, tip):
        keep_pin(store, tip)


def first_of(store: Reader, tip: str) -> str:
    """Return the first commit of a history, along first parents."""
    found = store.git.run("rev-list", "--first-parent", "--max-parents=0", "--end-of-options", tip)
    return found.decode("ascii").strip()


def hold_to_pin(store: Reader, pin: Pin, tip: str, what: Text = VERIFIED, note: str = "") -> None:
    """Raise Violation where `tip` does not extend the pinned history; both heads are kept as evidence.

    Where it is known otherwise than by a pin, `what` says how, and `note` is the proof, kept as it is.
    """
    lost = find_lost(store, pin, tip, note)
    if lost is None:
        return
    raise Violation(
        text(
            "the history {tip} does not extend {known}, {what}: {lost} is lost or rewritten;"
            " what there is of both is kept in .git/{folder}",
            tip=tip[:12],
            known=pin.tip[:12],
            what=what,
            lost=lost,
            folder=EVIDENCE,
        )
    )


def hold_main(store: Reader, pin: Pin, main: str) -> None:
    """Raise Violation where main itself has lost what is pinned, with the way out."""
    try:
        hold_to_pin(store, pin, main)
    except Violation as error:
        raise Violation(text("{fault}; svcdesk doctor tells the way out", fault=error.message)) from None


def hold_acts(store: Reader, main: str) -> None:
    """Raise Violation where main was set back: what is entered next would get numbers that are given already.

    By times, which never go back: to look for the pin in what came after it costs another git at each act.
    """
    pin = read_pin(store.git.git_dir)
    if pin is None or pin.tip == main:
        return
    if not store.exists(pin.tip) or store.time_of(main) <= store.time_of(pin.tip):
        hold_main(store, pin, main)


def find_lost(store: Reader, pin: Pin, tip: str, note: str = "") -> Text | None:
    """Return the first commit of the pinned history that `tip` has left out, once both are kept as evidence.

    None where `tip` extends it. What a server had lost and was given back by approval may stand on a side.
    """
    if store.exists(pin.tip) and (store.extends(tip, pin.tip) or is_returned(store, pin.tip, tip)):
        return None
    lost = _first_lost(store, pin, tip)
    proof = {"note": note} if note else {}
    _keep_evidence(store, {**_entry(pin), "shown": tip, "first_lost": lost, **proof})
    return _called(store, lost, pin)


def is_returned(store: Reader, lost: str, tip: str) -> bool:
    """Whether a history holds a commit that a server had lost, by approval: whether that is good, the verifier says."""
    if not store.holds(tip, lost):
        return False
    files = store.files(store.tree(tip, EXCEPTIONS))
    for _oid, blob in store.blobs(oid for _path, oid in files):
        named = _let_return(blob)
        if named and store.exists(named) and store.holds(named, lost) and store.holds(tip, named):
            return True
    return False


def _let_return(exception: bytes) -> str:
    """Return the commit that an exception lets return with all that led to it; empty where it is about another rule."""
    try:
        data = yamlio.load(exception)
    except BadYaml:
        return ""
    good = data.get("state") == "approved" and RETURNED in data.get("broken", ())
    return str(data.get("commit", "")) if good else ""


def _first_lost(store: Reader, pin: Pin, tip: str) -> str:
    """Return the oldest commit of the pinned history that `tip` has left out; its last where nothing else shows."""
    missing = store.between(tip, pin.tip) if store.exists(pin.tip) else []
    return missing[0] if missing else pin.tip


def _called(store: Reader, commit: str, pin: Pin) -> Text:
    if store.exists(commit):
        subject = store.commit_of(commit).message.partition("\n")[0]
        return text("{commit} ({subject})", commit=commit[:12], subject=subject)
    return text("{commit} (number {number}, which this clone does not hold)", commit=commit, number=pin.size)


def _keep_evidence(store: Reader, told: Mapping[str, Any]) -> None:
    """Write down both heads, and hold them by refs so that git's own cleaning spares them."""
    folder = store.git.git_dir / EVIDENCE
    folder.mkdir(parents=True, exist_ok=True)
    heads = (told["tip"], told["shown"])
    save(folder / f"{heads[0][:12]}-{heads[1][:12]}.json", json.dumps(told, indent=2).encode("ascii"))
    for head in filter(store.exists, heads):
        store.git.run("update-ref", f"refs/svcdesk/evidence/{head}", head)
