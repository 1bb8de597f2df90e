"""Appointments, delegations, e-mails, leaving: both sides of each limit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World
from tests.world import base

ADMIN, MANAGER, CLERK, GENERAL, SUPERVISOR = "S-A0001", "S-A0002", "S-A0005", "S-A0007", "S-A0019"
DAY = "2026-11-22T09:00:00+08:00"
WEEK_LATER = "2026-11-29T09:00:00+08:00"
LENT = {"to": CLERK, "ends": WEEK_LATER, "range": "key loans"}


def entry(record: str, action: str, by: str, at: str = DAY, **rest: Any) -> dict[str, Any]:
    """An act on a person; what is not an act's own part is a field."""
    own = {name: rest.pop(name) for name in ("reason", "signed", "entered") if name in rest}
    target = {"record": record} if record else {"register": "staff"}
    return {**target, "action": action, "by": by, "at": at, "sets": rest, **own}


def added(by: str = ADMIN, at: str = "2026-11-02T09:00:00+08:00", **sets: Any) -> dict[str, Any]:
    return entry("", "add", by, at, **{"name": "New Ni", "department": "administration", **sets})


def refused(world: World, step: dict[str, Any]) -> set[str]:
    """The rules that stand against a step."""
    return {each.rule for each in world.judge(world.step(step)) if each.severity == "error"}


def test_nobody_appoints_himself() -> None:
    assert refused(base(), entry(ADMIN, "post", ADMIN, post="cs-manager", department="reception")) == {
        "nobody-appoints-himself"
    }
    assert refused(base(), entry(CLERK, "post", ADMIN, post="cs-manager", department="reception")) == set()


def test_only_keepers_appoint() -> None:
    assert refused(base(), entry(CLERK, "post", MANAGER, post="cs-lead", department="reception")) == {
        "post-right"
    }


@pytest.mark.parametrize(
    ("post", "department", "rules"),
    [
        ("cs-lead", "reception", set()),
        ("boss", "reception", {"post-is-known"}),
        ("cs-lead", "nowhere", {"post-is-known"}),
    ],
)
def test_posts_and_departments_are_known(post: str, department: str, rules: set[str]) -> None:
    assert refused(base(), entry(CLERK, "post", ADMIN, post=post, department=department)) == rules


def test_a_closed_department_takes_nobody_from_its_close_on() -> None:
    world = base().play(
        [
            {"register": "department", "action": "add", "by": ADMIN, "at": DAY,
             "sets": {"code": "parking", "name": "Parking"}},
            {"record": "D-A0008", "action": "close", "by": ADMIN, "at": WEEK_LATER, "reason": "let out"},
        ]
    )  # fmt: skip
    before, after = (
        entry(CLERK, "post", ADMIN, at, post="cs-lead", department="parking") for at in (DAY, WEEK_LATER)
    )
    assert refused(world, before) == set()
    assert refused(world, after) == {"post-is-known"}


def test_an_email_belongs_to_one_person() -> None:
    step = added(post="cs-lead", emails=["manager@example.org"])
    assert refused(base(), step) == {"email-belongs-to-one-person"}
    assert refused(base(), added(post="cs-lead", name="Manager Mo", emails=["mo@example.org"])) == set()
    assert refused(base(), added(post="cs-lead", emails=["Mo@example.org"])) == {
        "email-belongs-to-one-person"
    }


def test_emails_are_the_owners_once_two_keep_the_desk() -> None:
    by_admin = entry(CLERK, "change", ADMIN, emails=["else@example.org"])
    assert refused(base(), by_admin) == set()
    two = base().play([added(post="desk-admin")])
    assert refused(two, by_admin) == {"emails-are-changed-by-their-owner"}
    assert refused(two, entry(CLERK, "change", CLERK, emails=["else@example.org"])) == set()
    assert refused(two, entry(CLERK, "correct", ADMIN, emails=["else@example.org"], reason="typo")) == {
        "emails-are-changed-by-their-owner"
    }


@pytest.mark.parametrize(
    ("actor", "sets", "rules"),
    [
        (CLERK, {"phone": "62"}, set()),
        (CLERK, {"grade": "A"}, {"others-change-only-their-own-contact"}),
        (MANAGER, {"phone": "62"}, {"others-change-only-their-own-contact"}),
        (ADMIN, {"grade": "A", "employment": "regular"}, set()),
    ],
)
def test_who_changes_what(actor: str, sets: dict[str, str], rules: set[str]) -> None:
    assert refused(base(), entry(CLERK, "change", actor, **sets)) == rules


@pytest.mark.parametrize(
    ("sets", "rules"),
    [
        (LENT, set()),
        ({**LENT, "power": "cs-manager"}, set()),
        ({**LENT, "power": "general-manager"}, {"a-delegation-is-of-ones-own-post"}),
        ({**LENT, "to": MANAGER}, {"a-delegation-has-a-deputy-and-an-end"}),
        ({**LENT, "ends": DAY}, {"a-delegation-has-a-deputy-and-an-end"}),
        ({**LENT, "begins": "2026-11-22T08:59:59+08:00"}, {"a-delegation-has-a-deputy-and-an-end"}),
        ({**LENT, "range": None}, {"delegate-form"}),
    ],
)
def test_a_delegation(sets: dict[str, str], rules: set[str]) -> None:
    assert refused(base(), entry(MANAGER, "delegate", MANAGER, **sets)) == rules


def test_a_borrowed_power_is_not_lent_on() -> None:
    world = base().play([entry(MANAGER, "delegate", MANAGER, **LENT)])
    step = entry(CLERK, "delegate", CLERK, **{**LENT, "to": "S-A0006", "power": "cs-manager"})
    assert refused(world, step) == {"a-delegation-is-of-ones-own-post"}


def test_keeping_the_desk_is_not_lent() -> None:
    step = entry(ADMIN, "delegate", ADMIN, **{**LENT, "power": "desk-admin"})
    assert refused(base(), step) == {"a-delegation-is-of-ones-own-post"}


def test_a_delegation_is_taken_back_once_and_by_its_giver() -> None:
    world = base().play([entry(MANAGER, "delegate", MANAGER, **LENT)])
    recall = entry(MANAGER, "recall", MANAGER, "2026-11-23T09:00:00+08:00", to=CLERK)
    assert refused(world, {**recall, "by": ADMIN}) == {"powers-are-delegated-by-their-holder"}
    world.play([recall])
    again = {**recall, "at": "2026-11-24T09:00:00+08:00"}
    assert refused(world, again) == {"what-runs-is-recalled"}
    assert "cs-manager" in world.books.posts(CLERK, DAY)
    assert "cs-manager" not in world.books.posts(CLERK, "2026-11-23T09:00:00+08:00")


def test_keepers_do_not_remove_each_other() -> None:
    world = base().play([added(post="desk-admin")])
    leave = entry("S-A0020", "leave", ADMIN, reason="gone")
    assert refused(world, leave) == {"keepers-do-not-remove-each-other"}
    assert refused(world, {**leave, "action": "void"}) == {"keepers-do-not-remove-each-other"}
    assert refused(world, {**leave, "by": GENERAL}) == set()
    assert refused(world, {**leave, "by": "S-A0020"}) == set()


def test_a_leaver_hands_keys_back_first() -> None:
    loan = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "pump", "due": "2026-11-22T18:00:00+08:00"}
    minute = "2026-11-22T09:0{}:00+08:00".format
    world = base().play(
        [
            {"register": "key-loan", "action": "request", "by": "S-A0003", "at": minute(1), "sets": loan},
            {"record": "KL2611-A0001", "action": "approve", "by": "S-A0004", "at": minute(2)},
            {"record": "KL2611-A0001", "action": "issue", "by": CLERK, "at": minute(3),
             "signed": {"borrower": "S-A0003"}},
        ]
    )  # fmt: skip
    leave = entry("S-A0003", "leave", ADMIN, "2026-11-22T10:00:00+08:00", reason="gone")
    (finding,) = world.judge(world.step(leave))
    assert (finding.rule, str(finding.message)) == (
        "leaver-holds-nothing",
        "K-A0001 is still with him (KL2611-A0001)",
    )


def test_a_person_who_is_mentioned_is_not_void() -> None:
    world = base().play([entry(CLERK, "change", ADMIN, superior=SUPERVISOR)])
    void = entry(SUPERVISOR, "void", ADMIN, "2026-11-23T09:00:00+08:00", reason="entered twice")
    assert refused(world, void) == {"void-without-dependents"}
    assert refused(base(), void) == set()


def test_a_correction_does_not_hide_the_last_appointment() -> None:
    step = entry(CLERK, "correct", ADMIN, post="cs-lead", reason="typo")
    assert refused(base(), step) == {"post-shown-is-the-last-entered"}


def test_a_transfer_ends_every_post_and_its_term() -> None:
    world = base().play(
        [
            entry(CLERK, "post", ADMIN, post="cs-lead", department="reception", until=WEEK_LATER),
            entry(CLERK, "transfer", ADMIN, "2026-11-23T09:00:00+08:00", post="cs-supervisor",
                  department="reception"),
        ]
    )  # fmt: skip
    assert world.books.posts(CLERK, DAY) == {"cs-assistant", "cs-lead"}
    assert world.books.posts(CLERK, "2026-11-23T09:00:01+08:00") == {"cs-supervisor"}
    assert "until" not in world.records[CLERK].data


def minute(number: int) -> str:
    return f"2026-11-22T10:{number:02d}:00+08:00"


def two_keepers() -> World:
    return base("concierge").play([added(post="desk-admin")])


def waiting(number: int, person: str) -> dict[str, Any]:
    return entry(person, "post", ADMIN, minute(number), post="concierge-manager", department="concierge")


def seconded(number: int, person: str) -> dict[str, Any]:
    return entry(person, "sign", "S-A0020", minute(number), signed={"second": "S-A0020"})


def test_a_seat_that_somebody_waits_for_is_not_given_again() -> None:
    world = two_keepers().play([waiting(1, CLERK)])
    assert refused(world, waiting(2, "S-A0006")) == {"a-seat-has-one-holder"}
    world.play([entry(CLERK, "void", "S-A0020", minute(3), reason="entered twice")])
    assert refused(world, waiting(4, "S-A0006")) == set()


def test_two_who_wait_do_not_both_get_the_seat() -> None:
    world = two_keepers().play([waiting(1, CLERK)])
    second = world.step(waiting(2, "S-A0006"))
    world.records[second.new.id] = second.new
    world.play([seconded(3, CLERK)])
    assert refused(world, seconded(4, "S-A0006")) == {"a-seat-has-one-holder"}


def test_somebody_keeps_the_desk() -> None:
    hr = base().play([added(post="human-resources")])
    for action, sets in (
        ("leave", {}),
        ("suspend", {}),
        ("transfer", {"post": "cleaner", "department": "cleaning"}),
    ):
        step = entry(ADMIN, action, "S-A0020", minute(1), reason="gone", **sets)
        assert refused(hr, step) == {"somebody-keeps-the-desk"}
        two = hr.copy().play([added(ADMIN, minute(0), post="desk-admin")])
        assert refused(two, step) == set()


def test_the_last_keeper_does_not_sign_himself_away() -> None:
    world = base().play([added(post="human-resources"), added(post="desk-admin")])
    for person in (ADMIN, "S-A0021"):
        away = entry(person, "transfer", "S-A0020", minute(1), post="cleaner", department="cleaning")
        world.play([away])
    sign = entry(ADMIN, "sign", "S-A0021", minute(2), signed={"second": "S-A0021"})
    world.play([sign])
    last = entry("S-A0021", "sign", "S-A0021", minute(3), signed={"second": "S-A0021"})
    assert "somebody-keeps-the-desk" in refused(world, last)


def test_keepers_are_appointed_by_a_keeper() -> None:
    world = base().play([added(post="human-resources")])
    by_hr = added("S-A0020", minute(1), post="desk-admin")
    assert refused(world, by_hr) == {"keepers-are-appointed-by-a-keeper"}
    assert refused(world, {**by_hr, "by": ADMIN}) == set()
    assert refused(world, added("S-A0020", minute(1), post="cleaner")) == set()
