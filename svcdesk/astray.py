"""Where this clone's own history has gone astray, and the words that lead back: nothing is moved here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from svcdesk import yamlio
from svcdesk.audit.starting import verify
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verdicts import is_worse
from svcdesk.clock import SKEW
from svcdesk.clock import stamp
from svcdesk.desk import Desk
from svcdesk.errors import BadYaml
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.pin import Pin
from svcdesk.pin import first_of
from svcdesk.pin import is_returned
from svcdesk.pin import published_tips
from svcdesk.pin import read_pin
from svcdesk.reader import Reader
from svcdesk.transport import INCOMING

MOST_NAMED = 5
"""Commits that are named; one way leads back from them all."""

STATIONS = "records/station"


def astray(desk: Desk, now: datetime) -> Iterator[Text]:
    """Say what is wrong with main and the way back; raises Violation, NeedsAttention and StorageFailed."""
    store, tip = desk.store, desk.tip
    pin = read_pin(store.git.git_dir)
    desk.go_by(pin.genesis if pin else first_of(store, tip))
    if pin is not None and not _is_held(store, pin.tip, tip):
        yield _lost(store, pin, tip)
        return
    known = pin.tip if pin is not None and store.holds(tip, pin.tip) else ""
    judged = tip
    if store.time_of(tip) > now + SKEW:
        judged = store.commit_at(now, tip)
        yield _ahead(desk, judged, now)
    if judged and not store.holds(known, judged):
        yield from _bad(desk, known, judged, now)
    yield from _letter(desk)


def _is_held(store: Reader, pinned: str, tip: str) -> bool:
    return store.exists(pinned) and (store.extends(tip, pinned) or is_returned(store, pinned, tip))


def _lost(store: Reader, pin: Pin, tip: str) -> Text:
    commit = pin.tip[:12]
    if not store.exists(pin.tip):
        return text("main does not hold {commit}, which this clone has verified: clone the remote anew", commit=commit)
    since = store.count(tip, pin.tip)
    if not since:
        return text(
            "main was set back before {commit}, which this clone has verified: git reset --keep {commit}"
            " returns to it",
            commit=commit,
        )
    return text(
        "main does not hold {commit}, which this clone has verified: git reset --keep {commit} returns to it;"
        " what was entered in its place is to be entered again (commits: {count}, the last {last})",
        commit=commit,
        count=since,
        last=tip[:12],
    )


def _ahead(desk: Desk, back: str, now: datetime) -> Text:
    """Say that acts were entered by a clock that was ahead, if it is not this one that is behind."""
    store, tip = desk.store, desk.tip
    last = {"last": stamp(store.time_of(tip), desk.zone), "now": stamp(now, desk.zone)}
    first = next(iter(store.between(back, tip)))
    if not back or _is_published(store, first):
        return text(
            "the last act was entered at {last}, and it is {now} here: set the clock right, or where it is right,"
            " wait until then: others hold these acts already",
            **last,
        )
    return text(
        "the last act was entered at {last}, and it is {now} here: set the clock right, or where it is right,"
        " git reset --keep {back} takes back what another clock has dated (commits: {count}); enter it again",
        **last,
        back=back[:12],
        count=store.count(tip, back),
    )


def _bad(desk: Desk, known: str, tip: str, now: datetime) -> Iterator[Text]:
    """Name the commits that the law refuses since the one that is known, and the way back before the first."""
    store = desk.store
    bad = [each for each in verify(desk, tip, now, known) if is_worse(each.level, "suspect")]
    for each in bad[:MOST_NAMED]:
        yield _named(each)
    if bad:
        line = store.between(known, tip)
        yield _way_back(store, min((_first_holder(store, line, each) for each in bad), key=line.index), desk.tip)


def _first_holder(store: Reader, line: Sequence[str], verdict: Verdict) -> str:
    """Return the commit on the first parents of main by which another one came in."""
    return line[bisect_left(line, True, key=lambda each: store.holds(each, verdict.commit))]


def _named(verdict: Verdict) -> Text:
    finding = verdict.findings[0]
    return text(
        "{commit} {record}: {fault} ({rule})",
        commit=verdict.commit[:12],
        record=verdict.place(finding) or "-",
        fault=finding.message,
        rule=finding.rule,
    )


def _way_back(store: Reader, first: str, tip: str) -> Text:
    """Say how to get rid of a commit on the first parents of main."""
    back = "".join(store.parents(first)[:1])
    if not back:
        return text("the first commit of the history is bad: clone the remote anew")
    if _is_published(store, first):
        return text(
            "others hold {commit}: who keeps the server sets main back before it, or the desk lets it stand, see"
            " svcdesk sync --help",
            commit=first[:12],
        )
    return text(
        "git reset --keep {back} takes it back, with all that came after it (commits: {count}); enter again with"
        " svcdesk what is to stand",
        back=back[:12],
        count=len(store.between(back, tip)),
    )


def _is_published(store: Reader, commit: str) -> bool:
    """Whether a remote of this clone is known to hold a commit."""
    return any(store.holds(each, commit) for each in published_tips(store))


def _letter(desk: Desk) -> Iterator[Text]:
    """Say that the letter of this clone was claimed by another one first, as far as a sync has seen."""
    store = desk.store
    file = desk.git_folder / "station"
    letter = file.read_text("utf-8", "replace").strip() if file.is_file() else ""
    own = next(iter(desk.index.where("station", "letter", letter)), None) if letter else None
    for head in filter(None, (store.ref(INCOMING), *published_tips(store))) if own else ():
        theirs = _claim(store.read(head, f"{STATIONS}/{own.id}.yaml") or b"") if own else None
        if own and theirs and theirs != own.acts[0]:
            yield text(
                "the letter {letter} was claimed by another clone too, first by {by}: what this one entered under it"
                " cannot be joined; clone the remote anew beside it, claim another letter there (svcdesk station),"
                " and enter there what svcdesk audit log --limit 0 tells here",
                letter=letter,
                by=theirs.get("by", "-"),
            )
            return


def _claim(blob: bytes) -> dict[str, object] | None:
    """Return the act by which a station was claimed."""
    with suppress(BadYaml, LookupError, TypeError):
        return dict(yamlio.load(blob)["acts"][0])
    return None
