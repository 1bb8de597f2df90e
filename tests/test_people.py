"""Who holds which post when: the second signature, delegations, suspensions, superiors."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.clock import later_seconds
from svcdesk.declared import ANYBODY
from svcdesk.declared import Who
from svcdesk.people import People
from svcdesk.people import fits
from svcdesk.policy import Policy
from svcdesk.posts import POSTS
from svcdesk.posts import post_table
from svcdesk.registers import REGISTERS
from tests.registers.test_staff import added
from tests.registers.test_staff import entry
from tests.registers.test_staff import refused
from tests.world import World
from tests.world import base

FIRST, SECOND, THIRD = "S-A0001", "S-A0020", "S-A0021"
MANAGER, ENGINEER, CLERK, GENERAL = "S-A0002", "S-A0003", "S-A0005", "S-A0007"
NOON = "2026-11-22T12:00:00+08:00"


def moment(minute: int) -> str:
    return f"2026-11-22T12:{minute:02}:00+08:00"


def promotion(by: str, at: str = moment(1), person: str = CLERK, post: str = "cs-manager") -> dict[str, Any]:
    return entry(person, "post", by, at, post=post, department="customer-service")


def seconded(by: str, at: str = moment(2), person: str = CLERK) -> dict[str, Any]:
    return entry(person, "sign", by, at, signed={"second": by})


@pytest.fixture
def two() -> World:
    """A desk that two people keep."""
    return base().play([added(post="desk-admin")])


@pytest.fixture
def three(two: World) -> World:
    """A desk that three people keep."""
    third = added(post="desk-admin", at="2026-11-03T09:00:00+08:00")
    return two.play([third, seconded(SECOND, "2026-11-04T09:00:00+08:00", THIRD)])


def test_one_keeper_suffices_while_he_is_alone() -> None:
    world = base().play([promotion(FIRST)])
    assert "cs-manager" in world.books.posts(CLERK, moment(1))
    assert "cs-manager" not in world.books.posts(CLERK, NOON)


def test_of_two_keepers_the_other_signs(two: World) -> None:
    two.play([promotion(FIRST)])
    assert two.books.posts(CLERK, moment(1)) == {"cs-assistant"}
    two.play([seconded(SECOND)])
    assert two.books.posts(CLERK, moment(1)) == {"cs-assistant"}
    assert two.books.posts(CLERK, moment(2)) == {"cs-assistant", "cs-manager"}


def test_the_one_who_entered_it_does_not_second_it(two: World) -> None:
    two.play([promotion(FIRST)])
    assert refused(two, seconded(FIRST)) == {"second-is-another"}


@pytest.mark.parametrize("signer", [FIRST, SECOND])
def test_the_entry_itself_holds_no_second_signature(two: World, signer: str) -> None:
    step = two.step({**promotion(FIRST), "signed": {"second": signer}})
    two.records[CLERK] = step.new
    assert two.books.posts(CLERK, moment(1)) == {"cs-assistant"}


def test_no_other_post_seconds(two: World) -> None:
    two.play([promotion(FIRST)])
    assert refused(two, seconded(GENERAL)) == {"second-signs"}


def test_who_joined_in_an_appointment_does_not_second_it(three: World) -> None:
    three.play([promotion(FIRST), promotion(SECOND, moment(2), post="cs-lead")])
    for author in (FIRST, SECOND):
        assert refused(three, seconded(author, moment(3))) == {"second-is-another"}
    three.play([seconded(THIRD, moment(3))])
    assert three.books.posts(CLERK, moment(3)) == {"cs-assistant", "cs-manager", "cs-lead"}


def test_a_new_keeper_counts_once_seconded(two: World) -> None:
    two.play([promotion(FIRST, person=MANAGER, post="desk-admin")])
    assert "desk-admin" not in two.books.posts(MANAGER, moment(1))
    assert refused(two, promotion(MANAGER, moment(2))) == {"post-right"}


def test_a_keeper_is_not_moved_away_by_one_other(two: World) -> None:
    two.play([entry(SECOND, "transfer", FIRST, moment(1), post="cleaner", department="cleaning")])
    assert two.books.posts(SECOND, moment(1)) == {"desk-admin"}


def test_an_imported_person_needs_the_second_too(two: World) -> None:
    held = [{"post": "general-manager", "department": "administration", "from": moment(0)}]
    step = two.step(added(FIRST, moment(0), post="general-manager"))
    act = {**step.act, "action": "import", "state": "active", "sets": {**step.sets, "posts": held}}
    data = {**step.new.data, "acts": [act]}
    two.records[step.new.id] = type(step.new)("staff", data)
    assert two.books.posts(step.new.id, moment(5)) == frozenset()


def test_a_late_entry_counts_from_its_entry() -> None:
    world = base().play([{**promotion(FIRST, moment(1)), "entered": moment(5)}])
    assert "cs-manager" not in world.books.posts(CLERK, moment(4))
    assert "cs-manager" in world.books.posts(CLERK, moment(5))


def test_a_term_ends() -> None:
    world = base().play(
        [entry(CLERK, "post", FIRST, moment(1), post="cs-lead", department="reception", until=moment(9))]
    )
    assert "cs-lead" in world.books.posts(CLERK, moment(8))
    assert "cs-lead" not in world.books.posts(CLERK, moment(9))


def test_a_keeper_whose_term_has_ended_is_not_counted() -> None:
    world = base().play([added(post="desk-admin", until=moment(1)), promotion(FIRST, moment(1))])
    assert "cs-manager" in world.books.posts(CLERK, moment(1))


@pytest.mark.parametrize("action", ["suspend", "leave"])
def test_who_is_suspended_or_gone_holds_nothing_and_lends_nothing(action: str) -> None:
    world = base().play(
        [
            entry(MANAGER, "delegate", MANAGER, moment(1), to=CLERK, ends=moment(30), range="all"),
            entry(MANAGER, action, FIRST, moment(9), reason="so decided"),
        ]
    )
    assert "cs-manager" in world.books.posts(CLERK, moment(8))
    assert world.books.rank(CLERK, moment(8)) == 80
    after = later_seconds(moment(9), 1)
    assert "cs-manager" in world.books.posts(MANAGER, moment(9)), "what is lost is lost after its second"
    assert world.books.posts(MANAGER, after) == frozenset()
    assert world.books.posts(CLERK, after) == {"cs-assistant"}


def test_a_delegation_runs_from_its_beginning_to_before_its_end() -> None:
    grant = {"to": CLERK, "begins": moment(5), "ends": moment(7), "range": "all"}
    world = base().play([entry(MANAGER, "delegate", MANAGER, moment(1), **grant)])
    held = [each for each in range(1, 9) if "cs-manager" in world.books.posts(CLERK, moment(each))]
    assert held == [5, 6]
    (lent,) = [each for each in world.books.people.appointments(CLERK, moment(5)) if "deputy_for" in each]
    assert lent == {
        "post": "cs-manager",
        "department": "customer-service",
        "from": moment(5),
        "until": moment(7),
        "deputy_for": MANAGER,
    }


def test_superiors() -> None:
    books = base().books
    assert books.superior(ENGINEER, NOON) == "S-A0004", "the head of his own department"
    assert books.superior("S-A0010", NOON) == "", "leasing has no head here, and no other's is his"
    assert books.superior(CLERK, NOON) == MANAGER
    assert books.superior(MANAGER, NOON) == GENERAL
    assert books.superior("S-A9999", NOON) == ""


def test_the_superior_named_in_the_record_comes_first_while_he_is_there() -> None:
    world = base().play([entry(CLERK, "change", FIRST, moment(1), superior="S-A0019")])
    assert world.books.superior(CLERK, moment(1)) == "S-A0019"
    world.play([entry("S-A0019", "leave", FIRST, moment(2), reason="gone")])
    assert world.books.superior(CLERK, later_seconds(moment(2), 1)) == MANAGER


@pytest.mark.parametrize(
    ("who", "person", "fit"),
    [
        (ANYBODY, CLERK, True),
        (ANYBODY, "S-A9999", False),
        (Who(posts=("cs-manager",)), MANAGER, True),
        (Who(posts=("cs-manager",)), CLERK, False),
        (Who(rank=45), CLERK, True),
        (Who(rank=46), CLERK, False),
        (Who(departments=("engineering",)), ENGINEER, True),
        (Who(departments=("engineering",)), CLERK, False),
        (Who(rank=1), FIRST, False),
    ],
)
def test_who_fits(who: Who, person: str, fit: bool) -> None:
    assert fits(who, person, NOON, base().books) is fit


def test_posts_named_by_registers_exist() -> None:
    named = {
        post
        for register in REGISTERS.values()
        for each in (*register.actions, *register.lines)
        for post in (each.may if hasattr(each, "may") else each.who).posts
    }
    assert named <= POSTS.keys()


def test_superiors_of_the_table_exist_and_rank_higher() -> None:
    table = post_table()
    for post, each in table.items():
        above = each.get("superior", [])
        for superior in [above] if isinstance(above, str) else above:
            assert table[superior]["rank"] > each["rank"], post


ACTS = st.lists(
    st.tuples(st.sampled_from(["post", "second", "suspend", "reinstate"]), st.sampled_from([FIRST, SECOND])),
    max_size=8,
)


@given(ACTS)
def test_a_post_counts_only_where_two_different_keepers_have_acted(acts: list[tuple[str, str]]) -> None:
    """Whatever is entered in whatever order, forged or not: no keeper alone raises anybody."""
    world = base().play([added(post="desk-admin")])
    record = world.records[CLERK]
    history = list(record.acts)
    for number, (action, by) in enumerate(acts, 1):
        act: dict[str, Any] = {"action": action, "at": moment(number), "by": by}
        if action == "post":
            act["sets"] = {
                "posts": [{"post": "general-manager", "department": "administration", "from": moment(number)}]
            }
        elif action == "second":
            act |= {"action": "sign", "signed": [{"line": "second", "staff": by}]}
        history.append(act)
    forged = type(record)("staff", {**record.data, "acts": history})
    people = People([*(each for each in world.records.values() if each.register == "staff" and
                       each.id != CLERK), forged], Policy(()))  # fmt: skip
    authors = {by for action, by in acts if action == "post"}
    signers = {by for action, by in acts if action == "second"}
    if "general-manager" in people.posts(CLERK, moment(30)):
        assert len(authors | signers) == 2


def test_who_entered_a_person_alone_may_second_what_another_enters_later(two: World) -> None:
    two.play([promotion(SECOND), seconded(FIRST)])
    assert "cs-manager" in two.books.posts(CLERK, moment(2))


def test_one_keeper_seconds_a_person_as_often_as_he_is_appointed(two: World) -> None:
    two.play([promotion(FIRST), seconded(SECOND), promotion(FIRST, moment(3), post="cs-lead")])
    assert "cs-lead" not in two.books.posts(CLERK, moment(3))
    two.play([seconded(SECOND, moment(4))])
    assert "cs-lead" in two.books.posts(CLERK, moment(4))
