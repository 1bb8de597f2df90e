"""Every forgery is named with its rule and record; without any one rule of the verifier some would pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from svcdesk.audit.rules import RULES
from svcdesk.audit.rules import Rule
from svcdesk.audit.scene import Scene
from svcdesk.audit.subject import Subject
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verdicts import is_worse
from svcdesk.audit.verdicts import worst
from svcdesk.audit.verifying import Verifier
from svcdesk.desk import Desk
from svcdesk.model import Finding
from tests.conftest import Svcdesk
from tests.conftest import in_this_process
from tests.forgeries import CATALOGUE
from tests.forgeries.catalogue import Forgery
from tests.forgeries.world import demo as demo
from tests.forgeries.world import forger as forger
from tests.forgeries.world import free as free
from tests.forgeries.world import template as template
from tests.forgeries.world import with_keys
from tests.forging import Forger
from tests.worlds import DEMO

EACH = pytest.mark.parametrize("forgery", CATALOGUE, ids=lambda each: each.name)
ABOUT_THE_DESK = [each for each in CATALOGUE if each.threat.startswith("H41-")]
ENOUGH = 80
LATER = datetime.fromisoformat("2027-01-31T12:00:00+08:00")


def judged(folder: Path, commit: str, rules: Sequence[Rule] = RULES) -> list[Verdict]:
    """Judge what a commit adds to main, without moving main."""
    desk = Desk(folder)
    scene = Scene(desk.store, desk.registers, desk.zone, desk.index, desk.tip)
    found = list(Verifier(desk.store, desk.registers, scene, LATER, rules).run(commit, [desk.tip]))
    desk.store.close()
    return found


class Case(NamedTuple):
    """A forgery made and judged: its commit, the verdicts, and the rules that had something against it."""

    commit: str
    verdicts: list[Verdict]
    against: frozenset[Rule]


@cache
def case(forger: Forger, forgery: Forgery, signed: bool = False) -> Case:
    """Make and judge a forgery once for all tests; `signed` by those whose act it says it is."""
    against: set[Rule] = set()
    commit = forgery.forge(with_keys(forger) if signed else forger)
    verdicts = judged(forger.folder, commit, [partial(noted, rule, against) for rule in RULES])
    return Case(commit, verdicts, frozenset(against))


def noted(rule: Rule, against: set[Rule], subject: Subject) -> Iterator[Finding]:
    """Ask a rule, and remember that it had something to say."""
    for finding in rule(subject):
        against.add(rule)
        yield finding


@EACH
@pytest.mark.parametrize("signed", [False, True], ids=["unsigned", "signed"])
def test_a_forgery_is_named_with_rule_and_record(forger: Forger, forgery: Forgery, signed: bool) -> None:
    found = case(forger, forgery, signed).verdicts
    assert is_worse(worst(each.level for each in found), "excepted")
    named = {
        (finding.rule, finding.record or " ".join(each.records[:1]))
        for each in found
        for finding in each.findings
    }
    record = forger.world.number(forgery.record)
    assert (forgery.rule, record) in named if record else forgery.rule in dict(named)


def test_there_are_enough_of_them() -> None:
    assert len({(each.rule, each.threat) for each in CATALOGUE}) >= ENOUGH
    assert len({each.name for each in CATALOGUE}) == len(CATALOGUE)


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.__name__)
def test_without_this_rule_some_forgery_passes(template: Path, rule: Rule) -> None:
    forger = Forger(template)
    alone = [each for each in CATALOGUE if case(forger, each).against == {rule}]
    assert alone, "no forgery is held back by this rule alone"
    others = [each for each in RULES if each is not rule]
    found = judged(template, case(forger, alone[0]).commit, others)
    assert not is_worse(worst(each.level for each in found), "late")


def audited(forger: Forger, line: str, exit_code: int) -> set[tuple[str, str]]:
    """Return the rules and records that the command names."""
    svcdesk = Svcdesk(in_this_process, forger.folder)
    said = svcdesk(f"audit verify --format json {line}", exit_code, as_=forger.world.founder, now=LATER.isoformat())
    return {(each["rule"], each["record"]) for each in json.loads(said.stdout)["commits"]}


def test_the_command_names_those_that_were_forced_in(free: Forger) -> None:
    good = free.tip
    assert audited(free, good, 0) == set()
    tried = CATALOGUE if free.world is DEMO else [*CATALOGUE[::9], *ABOUT_THE_DESK]
    for forgery in tried:
        free.publish(forgery.forge(free))
        named = audited(free, f"{good}..", 1)
        record = free.world.number(forgery.record)
        assert (forgery.rule, record) in named if record else forgery.rule in dict(named)
        free.publish(good)
