"""audit verify: honest history is consistent, and each forged commit is named with the rule that it breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from svcdesk import message
from svcdesk.model import Change
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.forging import HEAD
from tests.forging import Forger
from tests.forging import written

LOAN = "KL2611-A0001"
PATH = "records/key-loan/2611/A00/KL2611-A0001.yaml"
NOW = "2026-11-22T09:10:00+08:00"
EVENING = "2026-11-22T18:00:00+08:00"
LATER = "2026-11-22T09:20:00+08:00"


def verdicts(desk: Svcdesk, exit_code: int = 1, arguments: str = "") -> dict[str, Any]:
    said = desk(f"audit verify --format json {arguments}", exit_code, now=EVENING)
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_an_honest_history_is_consistent(desk: Svcdesk) -> None:
    said = desk("audit verify")
    assert said.stdout == ""
    assert said.stderr.endswith("7 commits: consistent 7; the desk's verdict: consistent\n")


def test_what_is_worse_than_asked_for_is_listed(desk: Svcdesk) -> None:
    said = desk("audit verify --accept valid", 1).stdout.splitlines()
    assert len(said) == 7
    assert said[-1].endswith(": consistent: KL2611-A0001: legal, but not signed")
    told = verdicts(desk, 1, "--accept valid")["commits"]
    assert {(each["verdict"], each["rule"], each["message"]) for each in told} == {
        ("consistent", "", "legal, but not signed")
    }


def test_the_verdict_on_a_range_is_called_so(desk: Svcdesk) -> None:
    alone = "1 commit: consistent 1; the verdict of this range alone: consistent\n"
    assert desk("audit verify main~1..").stderr == f"svcdesk: {alone}"
    assert "6 commits: consistent 6; the verdict of this range alone" in desk("audit verify ..main~1").stderr


def test_an_honest_act_made_by_hand_is_consistent_too(desk: Svcdesk) -> None:
    forger = Forger(desk.cwd)
    approval = forger.step(LOAN, "approve", "S-A0004", NOW, signed=[{"line": "approver", "staff": "S-A0004"}])
    forger.publish(forger.act(approval, author=HEAD))
    assert verdicts(desk, 0)["verdict"] == "consistent"


def edited(forger: Forger) -> str:
    """A state changed in the file by hand."""
    content = forger.git("show", f"main:{PATH}").replace("state: requested", "state: approved") + "\n"
    return forger.commit(forger.tree({PATH: content.encode()}), "quick fix\n", NOW)


def deleted(forger: Forger) -> str:
    """A slip that is gone."""
    return forger.commit(forger.tree({PATH: None}), "tidy up\n", NOW)


def approves_his_own_request(forger: Forger) -> str:
    """The clerk who asked approves."""
    return forger.act(
        forger.step(LOAN, "approve", "S-A0005", NOW, signed=[{"line": "approver", "staff": "S-A0005"}])
    )


def acts_in_anothers_name(forger: Forger) -> str:
    """The clerk commits as himself what the act says the head did."""
    return forger.act(
        forger.step(LOAN, "approve", "S-A0004", NOW, signed=[{"line": "approver", "staff": "S-A0004"}])
    )


def backdates(forger: Forger) -> str:
    """The act was entered at another time than it was committed."""
    step = forger.step(LOAN, "approve", "S-A0004", NOW, signed=[{"line": "approver", "staff": "S-A0004"}])
    return forger.act(step, author=HEAD, at=LATER)


def says_something_else(forger: Forger) -> str:
    """The message tells of another action than the file."""
    step = forger.step(LOAN, "approve", "S-A0004", NOW, signed=[{"line": "approver", "staff": "S-A0004"}])
    words = message.compose(Change((step,)), forger.git("rev-parse", "main:records/policy")).replace(
        "approve", "refuse"
    )
    return forger.act(step, author=HEAD, words=words)


def brings_a_file_along(forger: Forger) -> str:
    """An honest act with a .mailmap beside it."""
    step = forger.step(LOAN, "approve", "S-A0004", NOW, signed=[{"line": "approver", "staff": "S-A0004"}])
    return forger.act(
        step, author=HEAD, files={".mailmap": b"Head He <head@example.org> <clerk@example.org>\n"}
    )


def plants_a_link(forger: Forger) -> str:
    """A symbolic link among the records."""
    tree = forger.tree({"records/key/K-A0009.yaml": b"/etc/passwd"}, mode="120000")
    return forger.commit(tree, "link\n", NOW)


def has_two_authors(forger: Forger) -> str:
    """A second author line, which git shows and svcdesk refuses."""
    step = forger.step(LOAN, "approve", "S-A0004", NOW, signed=[{"line": "approver", "staff": "S-A0004"}])
    return forger.act(step, author=f"{HEAD} 1795309800 +0800\nauthor {HEAD}")


@pytest.mark.parametrize(
    ("forge", "rule", "record"),
    [
        (edited, "fold", LOAN),
        (deleted, "append-only", ""),
        (approves_his_own_request, "approver-signs", LOAN),
        (acts_in_anothers_name, "author", LOAN),
        (backdates, "entry-time", LOAN),
        (says_something_else, "message", LOAN),
        (brings_a_file_along, "footprint", LOAN),
        (plants_a_link, "plain-files", ""),
        (has_two_authors, "commit-bytes", ""),
    ],
)
def test_a_forged_commit_is_named_with_its_rule(
    desk: Svcdesk, forge: Callable[[Forger], str], rule: str, record: str
) -> None:
    forger = Forger(desk.cwd)
    commit = forger.publish(forge(forger))
    found = verdicts(desk)
    assert found["verdict"] == "invalid"
    assert {each["commit"] for each in found["commits"]} == {commit}
    assert rule in {each["rule"] for each in found["commits"]}
    assert not record or record in {each["record"] for each in found["commits"]}


def test_only_the_range_asked_for_is_told(desk: Svcdesk) -> None:
    forger = Forger(desk.cwd)
    good = forger.tip
    forger.publish(edited(forger))
    assert verdicts(desk, 0, good) == {"verdict": "consistent", "commits": []}
    assert verdicts(desk, 1, f"{good}..")["verdict"] == "invalid"
    assert written() == {}
