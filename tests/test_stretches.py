"""A history that is judged in stretches: every verdict is the one that judging it in one piece gives."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest

from svcdesk.audit.scene import Scene
from svcdesk.audit.stretches import judged_at
from svcdesk.audit.stretches import narrow
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verifying import Verifier
from svcdesk.desk import Desk
from svcdesk.parallel import at_once
from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.forgeries import CATALOGUE
from tests.forgeries.catalogue import Forgery
from tests.forgeries.world import template as template
from tests.forging import Forger
from tests.keys import keys as keys
from tests.test_signed import SIGNED
from tests.test_signed import signing as signing
from tests.test_signed import without_key
from tests.test_verify_review import set_policy

LATER = datetime.fromisoformat("2027-01-31T12:00:00+08:00")
LOAN = "KL2611-A0001"


class History:
    """The commits of a desk up to a tip, and the verdicts on them when they are judged in one piece."""

    def __init__(self, folder: Path, tip: str = "") -> None:
        self.desk = Desk(folder)
        tip = tip or self.desk.tip
        self.line = list(self.desk.store.line(tip))
        self.cuts = narrow(self.line)
        scene = Scene(self.desk.store, self.desk.registers, self.desk.zone)
        self.whole = list(Verifier(self.desk.store, self.desk.registers, scene, LATER).run(tip))

    def cut(self, *places: int) -> list[Verdict] | None:
        found = judged_at(self.desk, self.line, places, LATER)
        return None if found is None else list(found)

    def after(self, commit: str) -> int:
        """Return the first place for a cut behind a commit, so that a former stretch holds it."""
        known = [each.oid for each in self.line].index(commit)
        return next(each for each in self.cuts if each > known)


def goes_on(forger: Forger, commit: str) -> str:
    """Put commits on top that change nothing: no cut needs them to be legal."""
    for hour in ("13", "14"):
        at = f"2027-01-30T{hour}:00:00+08:00"
        commit = forger.commit(forger.git("rev-parse", f"{commit}^{{tree}}"), "-\n", at, parents=[commit])
    return commit


def agree(history: History, cuts: Sequence[int]) -> int:
    """Hold that no cut changes a verdict; return at how many places it could be cut."""
    found = [history.cut(each) for each in cuts]
    assert all(each in (None, history.whole) for each in found)
    return len(found) - found.count(None)


def test_an_honest_history_is_judged_alike_wherever_it_is_cut(template: Path) -> None:
    history = History(template)
    assert agree(history, history.cuts[::4]) == len(history.cuts[::4]) > 4
    assert history.cut(*history.cuts[4:20:8]) == history.whole


def test_a_forgery_is_judged_alike_on_either_side_of_a_cut(template: Path) -> None:
    hold(template, CATALOGUE[::9])


@pytest.mark.long
def test_every_forgery_is_judged_alike_on_either_side_of_a_cut(template: Path) -> None:
    hold(template, CATALOGUE)


def hold(folder: Path, forgeries: Sequence[Forgery]) -> None:
    forger = Forger(folder)
    cut = 0
    for each in forgeries:
        commit = each.forge(forger)
        history = History(folder, goes_on(forger, commit))
        cut += agree(history, [history.after(commit), *history.cuts[-12:][:1]])
        history.desk.store.close()
    assert cut > len(forgeries)


def test_what_later_commits_say_is_said_of_every_stretch(signing: Svcdesk, keys: Path) -> None:
    last = Forger(signing.cwd).tip
    signing(f"key loan approve {LOAN}", as_="head", now="2026-11-22T10:00:00+08:00")
    told = f"--key {keys}/li staff compromise-key S-A0004 --key {keys}/wang.pub --since {last} --reason lost"
    with without_key(signing):
        signing(told, now="2026-11-22T10:01:00+08:00")
    history = History(signing.cwd)
    assert history.whole[-2].level == "suspect"
    assert agree(history, history.cuts) == len(history.cuts) > 1


@pytest.mark.parametrize("is_signed", [True, False])
def test_what_was_signed_before_a_cut_counts_behind_it(signing: Svcdesk, is_signed: bool) -> None:
    number = signing(SIGNED, now="2026-11-22T10:00:00+08:00").stdout.split()[0]
    signing(f"policy approve {number}", now="2026-11-22T10:01:00+08:00")
    with nullcontext() if is_signed else without_key(signing):
        signing(f"key loan approve {LOAN}", as_="head", now="2026-12-28T10:02:00+08:00")
    forger = Forger(signing.cwd)
    issued = [{"line": "issuer", "staff": "S-A0005"}, {"line": "borrower", "staff": "S-A0003"}]
    forger.publish(forger.act(forger.step(LOAN, "issue", "S-A0005", "2026-12-28T10:03:00+08:00", signed=issued)))
    history = History(signing.cwd, goes_on(forger, forger.tip))
    assert ("approver-signs" in {each.rule for each in history.whole[-3].findings}) != is_signed
    between = len(history.line) - 4
    assert history.cut(between) == (history.whole if is_signed else None)


def test_a_window_of_the_policy_is_not_cut(desk: Svcdesk) -> None:
    set_policy(desk, [], "2026-11-22T10:00:00+08:00")
    desk(f"key loan approve {LOAN}", as_="manager", now="2026-11-22T10:20:00+08:00")
    desk.now = "2026-11-22T18:30:00+08:00"
    set_policy(desk, ["borrower", "key"], desk.now)
    history = History(desk.cwd)
    assert "suspect" in {each.level for each in history.whole}
    behind = [each.oid for each in history.line].index(history.whole[-3].commit)
    assert behind in history.cuts
    assert history.cut(behind) is None
    assert agree(history, history.cuts) > 0


def test_histories_that_join_are_cut_where_only_one_goes_on(clones: Clones) -> None:
    for minute, letter in enumerate("ABCAB"):
        now = f"2026-11-22T10:{minute}0:00+08:00"
        clones[letter]("key loan request --key K-A0001 --borrower S-A0003 --purpose inspection --due +9h", now=now)
        clones.sync(letter, now=now)
    clones["A"]("sync", now="2026-11-22T11:00:00+08:00")
    history = History(clones["A"].cwd)
    assert any(len(each.parents) == 2 for each in history.line)
    assert agree(history, history.cuts) > 0
    place = {each.oid: number for number, each in enumerate(history.line)}
    for cut in history.cuts:
        assert all(place[each] >= cut - 1 for late in history.line[cut:] for each in late.parents)


def test_works_that_are_done_at_once_answer_in_order() -> None:
    assert at_once([lambda: "a" * 200_000, lambda: 2, lambda: 3]) == ["a" * 200_000, 2, 3]


def test_a_work_that_comes_to_no_end_is_told_of() -> None:
    with pytest.raises(EOFError):
        at_once([lambda: 1 / 0, lambda: 2])
