"""Uses of sealed keys: who must be there by the policy, when the key is out, when the application is due."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.registers.key_seal_use import application_due
from svcdesk.registers.key_seal_use import case
from tests.registers.test_key_loan import decide
from tests.world import World
from tests.world import base

USE = "KU2611-A0001"
USER = "CU-A0001"
PRESENT = {"assistants": ["S-A0005", "S-A0006"], "guard": "S-A0008"}


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02d}T{clock}:00+08:00"


def act(action: str, by: str, clock: str, sets: Any = None, **rest: Any) -> dict[str, Any]:
    return {
        "record": USE,
        "action": action,
        "by": by,
        "at": at(clock),
        **({"sets": sets} if sets else {}),
        **rest,
    }


def apply(ground: str = "forgotten") -> dict[str, Any]:
    return {
        "register": "key-seal-use",
        "action": "apply",
        "by": "S-A0005",
        "at": at("09:00"),
        "sets": {"key": "K-A0004", "ground": ground, "customer": USER, "purpose": "key at home"},
        "papers": [{"kind": "application", "number": "AP-5"}],
    }


def emergency(key: str = "K-A0004") -> dict[str, Any]:
    return {
        "register": "key-seal-use",
        "action": "emergency",
        "by": "S-A0005",
        "at": at("09:00"),
        "sets": {"key": key, "purpose": "water under the door"},
    }


CONFIRM = act("confirm", "S-A0005", "09:05", {"confirmed_with": "Ms Ou", "confirmation": "confirmed"})
CONSENT = act("consent", "S-A0002", "09:10")
RESEAL = act("reseal", "S-A0005", "10:00", {"state_after": "door locked", "seal": "0802-2"})
COMPLETE = act("complete", "S-A0005", "11:00", {"company_seal": True}, signed={"user": USER})


def opening(clock: str = "09:30", **signed: Any) -> dict[str, Any]:
    return act(
        "open", "S-A0005", clock, {"state_before": "seal whole"}, **({"signed": signed} if signed else {})
    )


def used() -> World:
    return base().play([apply(), CONFIRM, CONSENT, opening(**PRESENT), RESEAL])


def broken(world: World, entry: dict[str, Any]) -> set[str]:
    return {each.rule for each in world.judge(world.step(entry))}


@pytest.mark.parametrize(("wanted", "rules"), [(True, {"assistants-signs", "guard-signs"}), (False, set())])
def test_witnesses_on_application_are_a_setting(wanted: bool, rules: set[str]) -> None:
    world = decide(base(), "key-seal-use.witnesses-on-application", wanted)
    assert broken(world.play([apply(), CONFIRM, CONSENT]), opening()) == rules


@pytest.mark.parametrize(("wanted", "rules"), [(True, {"assistants-signs", "guard-signs"}), (False, set())])
def test_witnesses_for_the_master_set_are_a_setting(wanted: bool, rules: set[str]) -> None:
    world = decide(base(), "key-seal-use.witnesses-for-master", wanted)
    assert broken(world.play([emergency("K-A0006")]), opening()) == rules


@pytest.mark.parametrize(
    ("results", "rules"),
    [
        (["cannot-come"], set()),
        (["comes", "unreachable"], set()),
        (["unreachable", "comes"], {"customer-could-not-be-reached"}),
    ],
)
def test_the_last_attempt_to_reach_the_customer_counts(results: list[str], rules: set[str]) -> None:
    tried = [
        act(
            "attempt",
            "S-A0005",
            f"09:0{number}",
            {"attempts": [{"when": at("08:50"), "how": "phone", "result": result}]},
        )
        for number, result in enumerate(results)
    ]
    approved = [act("submit", "S-A0002", "09:10"), act("approve", "S-A0007", "09:15")]
    world = base().play([emergency(), *tried, *approved])
    assert broken(world, opening(**PRESENT)) == rules


@pytest.mark.parametrize(
    ("action", "by", "ground"),
    [("submit", "S-A0002", "forgotten"), ("consent", "S-A0002", "emergency")],
)
def test_each_ground_has_its_own_procedure(action: str, by: str, ground: str) -> None:
    world = base().play([emergency() if ground == "emergency" else apply(ground)])
    assert broken(world, act(action, by, "09:10")) == {"procedure-follows-the-ground"}


def test_a_key_that_is_not_sealed_is_lent_instead() -> None:
    assert broken(base(), emergency("K-A0003")) == {"only-a-sealed-key-is-opened"}


def test_the_key_is_out_from_opening_to_sealing() -> None:
    (hold,) = used().books.holds("K-A0004")
    assert (hold.status, hold.holder, hold.since, hold.until) == (
        "unsealed",
        "S-A0005",
        at("09:30"),
        at("10:00"),
    )


def test_a_sealed_key_is_opened_by_one_use_at_a_time() -> None:
    other = "KU2611-A0002"
    entries = [{**each, "record": other} for each in (CONFIRM, CONSENT, opening("09:45", **PRESENT))]
    world = base().play([apply(), CONFIRM, CONSENT, opening(**PRESENT), apply(), *entries[:2]])
    assert broken(world, entries[2]) == {"key-is-nowhere-else"}
    world.play([{**RESEAL, "at": at("09:45")}])
    assert broken(world, entries[2]) == set()


def test_the_application_is_due_until_it_is_complete() -> None:
    world = used()
    assert application_due(world.records[USE], world.books) == at("10:00", 25)
    world.play([COMPLETE])
    assert application_due(world.records[USE], world.books) is None


def test_another_customer_does_not_sign_for_the_user() -> None:
    entry = {**COMPLETE, "signed": {"user": "CU-A0002"}}
    assert broken(used(), entry) == {"user-is-the-customer"}


def test_somebody_who_was_not_there_does_not_confirm() -> None:
    confirmed = [
        act("sign", who, "11:10", signed={line: who})
        for line, who in (
            ("assistants-confirm", "S-A0005"),
            ("assistants-confirm", "S-A0006"),
            ("guard-confirms", "S-A0008"),
            ("manager", "S-A0002"),
        )
    ]
    world = used().play([COMPLETE, *confirmed])
    assert broken(world, act("file", "S-A0005", "11:30")) == set()
    absent = base().play(
        [apply(), CONFIRM, CONSENT, opening(**{**PRESENT, "guard": "S-A0008"}), RESEAL, COMPLETE]
    )
    absent.play([hired_guard(), *confirmed[:2], confirmed[3]])
    absent.play([act("sign", "S-A0020", "11:20", signed={"guard-confirms": "S-A0020"})])
    entry = act("file", "S-A0005", "11:30")
    assert broken(absent, entry) == {"witnesses-are-those-who-were-present"}


def hired_guard() -> dict[str, Any]:
    fields = {"name": "Guard Ge", "emails": ["guard2@example.org"], "post": "security-guard"}
    return {
        "register": "staff",
        "action": "add",
        "by": "S-A0001",
        "at": at("08:00"),
        "sets": fields | {"department": "security"},
    }


def test_a_use_is_open_until_it_is_filed_or_refused() -> None:
    world = base().play([apply()])
    assert case(world.records[USE]) is not None
    world.play([act("refuse", "S-A0002", "09:20", reason="not his office")])
    assert case(world.records[USE]) is None
