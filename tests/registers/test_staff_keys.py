"""Keys of people: whose they are, how they come to count, how they end, and who must keep one."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.desk import LAW
from svcdesk.judge import judge_state
from svcdesk.model import Record
from svcdesk.sshkeys import fault_of
from tests.registers.test_staff import added
from tests.registers.test_staff import entry
from tests.registers.test_staff import refused
from tests.world import World
from tests.world import base

FIRST, SECOND = "S-A0001", "S-A0020"
MANAGER, CLERK, GENERAL = "S-A0002", "S-A0005", "S-A0007"
COMMIT = "1" * 40
EARLIER = "2" * 40


def moment(minute: int) -> str:
    return f"2026-11-22T12:{minute:02}:00+08:00"


def key(number: int) -> str:
    """A key like any other, of which nobody knows the private half."""
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes([number]) * 32
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def enters(person: str, number: int = 1, minute: int = 1, by: str = "") -> dict[str, Any]:
    return entry(person, "add-key", by or person, moment(minute), key=key(number))


def retires(person: str, number: int = 1, minute: int = 5, by: str = "") -> dict[str, Any]:
    return entry(person, "retire-key", by or person, moment(minute), key=key(number))


def accuses(person: str, by: str, number: int = 1, minute: int = 5, since: str = COMMIT) -> dict[str, Any]:
    told = {"key": key(number), "since": since, "reason": "the stick was lost"}
    return entry(person, "compromise-key", by, moment(minute), **told)


def seconds(person: str, by: str, minute: int) -> dict[str, Any]:
    return entry(person, "sign", by, moment(minute), signed={"second": by})


def held(world: World, person: str) -> list[str]:
    return list(world.books.keys(person))


@pytest.fixture
def one() -> World:
    """A desk that one person keeps."""
    return base()


@pytest.fixture
def two() -> World:
    """A desk that two people keep."""
    return base().play([added(post="desk-admin")])


def test_of_one_keeper_a_key_counts_at_once(one: World) -> None:
    one.play([enters(CLERK), enters(CLERK, 2, 2)])
    assert held(one, CLERK) == one.records[CLERK]["keys"] == [key(1), key(2)]
    assert one.books.people.keys(CLERK, moment(1)) == (key(1),)
    assert one.books.people.keys(CLERK, moment(0)) == ()


def test_of_two_keepers_another_seconds_it(two: World) -> None:
    two.play([enters(CLERK)])
    assert held(two, CLERK) == []
    two.play([seconds(CLERK, SECOND, 2)])
    assert held(two, CLERK) == [key(1)]


def test_a_keeper_does_not_second_his_own_key(two: World) -> None:
    two.play([enters(SECOND)])
    assert refused(two, seconds(SECOND, SECOND, 2)) == {"second-is-another"}
    assert refused(two, seconds(SECOND, GENERAL, 2)) == {"second-signs"}
    two.play([seconds(SECOND, FIRST, 2)])
    assert held(two, SECOND) == [key(1)]


def test_each_key_is_seconded_anew(two: World) -> None:
    two.play([enters(CLERK), seconds(CLERK, SECOND, 2), enters(CLERK, 2, 3)])
    assert held(two, CLERK) == [key(1)]
    two.play([seconds(CLERK, SECOND, 4)])
    assert held(two, CLERK) == [key(1), key(2)]


def test_a_key_is_of_one_person_for_ever(one: World) -> None:
    one.play([enters(CLERK), retires(CLERK), entry(CLERK, "leave", FIRST, moment(6), reason="gone")])
    assert refused(one, enters(MANAGER, 1, 7)) == {"key-belongs-to-one-person"}
    assert refused(one, enters(MANAGER, 2, 7)) == set()


def test_a_key_is_entered_once(one: World) -> None:
    one.play([enters(CLERK)])
    assert refused(one, enters(CLERK, minute=2)) == {"a-key-is-entered-once"}
    one.play([retires(CLERK)])
    assert refused(one, enters(CLERK, minute=7)) == {"a-key-is-entered-once"}


def test_a_key_is_entered_by_its_owner(one: World, two: World) -> None:
    assert refused(one, enters(CLERK, by=FIRST)) == set(), "while he alone keeps the desk"
    assert refused(one, enters(CLERK, by=MANAGER)) == {"keys-are-entered-by-their-owner"}
    assert refused(two, enters(CLERK, by=FIRST)) == {"keys-are-entered-by-their-owner"}


def test_a_key_is_never_corrected(one: World) -> None:
    one.play([enters(CLERK)])
    step = entry(CLERK, "correct", FIRST, moment(2), key=key(2), reason="typo")
    assert refused(one, step) == {"keys-are-entered-by-their-owner"}
    assert refused(one, entry(CLERK, "correct", FIRST, moment(2), keys=[], reason="typo")) == {"footprint"}


@pytest.mark.parametrize(
    "wrong",
    ["ssh-ed25519 AAAA", "ssh-dss AAAA", key(1).replace("ed25519 ", "rsa "), f"ssh-rsa {key(1).split()[1]}"],
)
def test_only_whole_keys_are_taken(one: World, wrong: str) -> None:
    assert fault_of(key(1)) is None
    assert refused(one, entry(CLERK, "add-key", CLERK, moment(1), key=wrong)) == {"a-key-is-whole"}


@pytest.mark.parametrize(
    "wrong", [f"{key(1)} comment", f"{key(1)}\nssh-ed25519 AAAA", f'command="id" {key(1)}']
)
def test_nothing_but_type_and_base64_is_stored(one: World, wrong: str) -> None:
    assert refused(one, entry(CLERK, "add-key", CLERK, moment(1), key=wrong)) == {"schema"}


def test_no_import_brings_a_key(one: World) -> None:
    """Not even one that a desk-admin loads: it would stand for nobody's own act."""
    record = one.records[CLERK]
    act = {"action": "import", "at": moment(1), "by": FIRST, "state": "active", "sets": {"keys": [key(1)]}}
    forged = Record("staff", {**record.data, "keys": [key(1)], "acts": [*record.acts, act]})
    assert {each.rule for each in judge_state(forged, one.books, LAW)} == {"no-sheet-brings-keys"}
    one.records[CLERK] = forged
    assert held(one, CLERK) == []


def test_an_end_counts_at_once_and_needs_no_second(two: World) -> None:
    two.play([enters(CLERK), seconds(CLERK, SECOND, 2), retires(CLERK)])
    assert held(two, CLERK) == []
    assert two.records[CLERK]["ended_keys"] == [{"key": key(1), "how": "retired"}]
    assert two.books.people.compromised() == {}


def test_a_key_ended_before_it_counted_never_counts(two: World) -> None:
    two.play([enters(CLERK), retires(CLERK, minute=2), enters(CLERK, 2, 3), seconds(CLERK, SECOND, 4)])
    assert held(two, CLERK) == [key(2)]


def test_who_ends_a_key(one: World) -> None:
    one.play([enters(CLERK)])
    assert refused(one, retires(CLERK, by=MANAGER)) == {"keys-are-ended-by-their-owner-or-a-keeper"}
    assert refused(one, retires(CLERK, by=FIRST)) == refused(one, retires(CLERK)) == set()
    assert refused(one, retires(CLERK, 2)) == {"a-key-held-is-ended"}
    one.play([retires(CLERK)])
    assert refused(one, retires(CLERK, minute=6)) == {"a-key-held-is-ended"}


def test_a_compromise_ends_the_key_at_once_and_is_believed_of_two(two: World) -> None:
    two.play([enters(CLERK), seconds(CLERK, SECOND, 2), accuses(CLERK, FIRST)])
    assert held(two, CLERK) == []
    assert two.books.people.compromised() == {}
    assert refused(two, seconds(CLERK, FIRST, 6)) == {"second-is-another"}
    two.play([seconds(CLERK, SECOND, 6)])
    assert two.books.people.compromised() == {key(1): (COMMIT,)}


def test_of_one_keeper_a_compromise_is_believed_at_once(one: World) -> None:
    one.play([enters(CLERK), retires(CLERK, minute=2), accuses(CLERK, CLERK)])
    assert one.books.people.compromised() == {key(1): (COMMIT,)}
    assert refused(one, accuses(CLERK, CLERK, minute=6)) == {"a-key-held-is-ended"}


def test_a_further_declaration_stands_beside_the_first(two: World) -> None:
    """Which commit is the earlier one is for history to say; a hasty declaration takes nothing away."""
    two.play([enters(CLERK), seconds(CLERK, SECOND, 2), accuses(CLERK, FIRST)])
    assert refused(two, accuses(CLERK, SECOND, minute=6)) == {"a-key-held-is-ended"}
    two.play([accuses(CLERK, SECOND, minute=6, since=EARLIER)])
    assert [each.authors for each in two.books.awaited()] == [{FIRST}, {SECOND}]
    two.play([seconds(CLERK, FIRST, 7)])
    assert two.books.people.compromised() == {key(1): (EARLIER,)}
    assert refused(two, seconds(CLERK, FIRST, 8)) == {"second-signs"}
    two.play([seconds(CLERK, SECOND, 8)])
    assert two.books.people.compromised() == {key(1): (EARLIER, COMMIT)}
    assert [each["since"] for each in two.records[CLERK]["ended_keys"]] == [COMMIT, EARLIER]
    assert two.books.awaited() == []


def test_nobody_seconds_where_nothing_waits(one: World, two: World) -> None:
    one.play([enters(CLERK)])
    assert refused(one, seconds(CLERK, FIRST, 2)) == {"second-is-waited-for"}
    assert refused(two, seconds(SECOND, FIRST, 2)) == {"second-is-waited-for"}, "he was entered by one alone"
    assert refused(two, seconds(FIRST, FIRST, 2)) == {"second-is-waited-for"}
    two.play([enters(CLERK), retires(CLERK, minute=2)])
    assert refused(two, seconds(CLERK, SECOND, 3)) == {"second-is-waited-for"}
    two.play([enters(CLERK, 2, 4), seconds(CLERK, SECOND, 5)])
    assert refused(two, seconds(CLERK, FIRST, 6)) == {"second-signs"}


def test_who_is_suspended_or_gone_has_no_key(one: World) -> None:
    one.play([enters(CLERK), entry(CLERK, "suspend", FIRST, moment(2), reason="asked")])
    assert held(one, CLERK) == []
    one.play([entry(CLERK, "reinstate", FIRST, moment(3))])
    assert held(one, CLERK) == [key(1)]


LEAST = {"setting": "signing.least", "value": {"key-loan.approver": "signed"}}


def asks(at: int, value: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The policy that asks for signed lines, proposed and put in force."""
    sets = {**LEAST, "value": LEAST["value"] if value is None else value}
    return [{"register": "policy", "action": "set", "by": FIRST, "at": moment(at), "sets": sets}]


def in_force(world: World, at: int) -> dict[str, Any]:
    record = max(each for each in world.records if each.startswith("P-"))
    return {"record": record, "action": "approve", "by": FIRST, "at": moment(at)}


def test_signatures_are_asked_for_once_a_keeper_can_give_one(one: World) -> None:
    one.play([enters(CLERK), *asks(2)])
    assert refused(one, in_force(one, 3)) == {"who-asks-for-signatures-can-sign"}
    one.play([enters(FIRST, 2, 3)])
    assert refused(one, in_force(one, 4)) == set()


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ({"key-loan.approver": "signed"}, set()),
        ({"staff": "signed", "*": "identified"}, set()),
        ({"key-loan.nobody": "signed"}, {"value-suits-its-setting"}),
        ({"key-loan.approver": "attested"}, {"value-suits-its-setting"}),
        ({"key-loan.approver": 3}, {"value-suits-its-setting"}),
    ],
)
def test_the_least_assurance_names_what_there_is(one: World, value: dict[str, Any], rules: set[str]) -> None:
    assert refused(one, asks(1, value)[0]) == rules


def test_the_last_keeper_who_signs_keeps_his_key(one: World) -> None:
    one.play([enters(FIRST, 1, 1), *asks(2)])
    one.play([in_force(one, 3)])
    assert refused(one, retires(FIRST)) == {"somebody-who-keeps-the-desk-signs"}
    one.play([enters(FIRST, 2, 4)])
    assert refused(one, retires(FIRST)) == set(), "he has another"


def test_one_of_two_keepers_who_sign_may_go(two: World) -> None:
    second_signs = [enters(SECOND, 2, 1), seconds(SECOND, FIRST, 2)]
    two.play([*second_signs, *asks(3)])
    two.play([{**in_force(two, 4), "by": SECOND}])
    leaves = entry(SECOND, "leave", GENERAL, moment(6), reason="gone")
    assert refused(two, leaves) == {"somebody-who-keeps-the-desk-signs"}
    two.play([enters(FIRST, 3, 5), seconds(FIRST, SECOND, 5)])
    assert refused(two, leaves) == set()


KEEPERS = {FIRST, SECOND}
DEEDS = st.lists(
    st.tuples(st.sampled_from(["add-key", "second", "retire-key"]), st.sampled_from([FIRST, SECOND, CLERK])),
    max_size=8,
)


@given(DEEDS)
def test_a_key_counts_only_where_a_keeper_has_seconded_another(deeds: list[tuple[str, str]]) -> None:
    """Whatever is entered in whatever order, forged or not: nobody alone brings a key into force."""
    world = base().play([added(post="desk-admin")])
    record = world.records[CLERK]
    acts = list(record.acts)
    for number, (action, by) in enumerate(deeds, 1):
        act: dict[str, Any] = {"action": action, "at": moment(number), "by": by, "sets": {"key": key(1)}}
        if action == "second":
            act |= {"action": "sign", "signed": [{"line": "second", "staff": by}], "sets": {}}
        acts.append(act)
    world.records[CLERK] = Record("staff", {**record.data, "acts": acts})
    if held(world, CLERK):
        last = max((place for place, deed in enumerate(deeds) if deed[0] == "retire-key"), default=-1)
        live = deeds[last + 1 :]
        entered = {by for action, by in live if action == "add-key"}
        seconded = {by for action, by in live if action == "second"} & KEEPERS
        assert any(author != keeper for author in entered for keeper in seconded)
