"""Whatever acts on duties were accepted, and however late: judged again, none of them is refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk.clock import later
from svcdesk.desk import LAW
from svcdesk.judge import judge_act
from svcdesk.judge import judge_state
from svcdesk.registers import REGISTERS
from svcdesk.workflow import replay
from tests.duties import AREA
from tests.duties import DONE
from tests.duties import GUARD
from tests.duties import LEAD
from tests.duties import LOG
from tests.duties import MANAGER
from tests.duties import SUPERVISOR
from tests.duties import SWAP
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import in_force
from tests.duties import opened
from tests.duties import request
from tests.world import World
from tests.world import base

PEOPLE = st.sampled_from([AREA, LEAD, SUPERVISOR, MANAGER, GUARD])
SERIAL = st.integers(1, 3)
ROW = {"when": at("23:00"), "matter": "a knock"}


def numbered(prefix: str) -> st.SearchStrategy[str]:
    return SERIAL.map(lambda number: f"{prefix}2611-A{number:04d}")


def entry(
    action: str, prefix: str = "", register: str = "", **sets: Any
) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries of an action on some record, or in a register, by somebody."""
    fixed = {
        name: each if isinstance(each, st.SearchStrategy) else st.just(each) for name, each in sets.items()
    }
    where = {"record": numbered(prefix)} if prefix else {"register": st.just(register)}
    given_sets = st.fixed_dictionaries(fixed)
    return st.fixed_dictionaries({**where, "action": st.just(action), "by": PEOPLE, "sets": given_sets})


DUTY = {
    "date": st.sampled_from(["2026-11-22", "2026-11-23"]),
    "shift": st.sampled_from(["early", "night", "overnight"]),
    "person": PEOPLE,
    "post": "duty-person",
}
ENTRIES = st.one_of(
    entry("add", register="duty-roster", **DUTY),
    entry("plan", register="duty-roster", **DUTY),
    *(entry(action, "W") for action in ("publish", "stand", "miss", "cancel", "void")),
    entry("correct", "W", person=PEOPLE),
    entry("request", register="duty-swap", duty=numbered("W"), substitute=PEOPLE, cause="illness"),
    *(entry(action, "WS") for action in ("agree", "approve", "refuse", "withdraw", "void")),
    entry("correct", "WS", substitute=PEOPLE),
    entry("open", register="duty-log", duty=numbered("W")),
    entry("enter", "WL", entries=[ROW]),
    entry("absence", "WL", absences=[{"from": at("23:00"), "until": at("23:10"), "reason": "a knock"}]),
    entry("close", "WL", **DONE),
    entry("close", "WL", relief=PEOPLE, **DONE),
    entry("void", "WL"),
)
WHEN = st.tuples(st.sampled_from([0, 10, 60, 300]), st.sampled_from([0, 0, 0, 30, 600]))
"""Minutes since the entry before, and minutes by which the entry is late."""


BEGINNINGS = (at("10:20", 21), at("21:50"), at("23:30"), at("07:30", 23))


def begun(moment: str) -> World:
    """Return a world with two duties on the roster, a swap that waits for approval, and, by night, an open log."""
    agreed = act(SWAP, "agree", LEAD, at("10:10", 21))
    world = base().play([duty(), duty(23, "night", LEAD), request(), agreed])
    if moment in BEGINNINGS[2:]:
        world.play([opened(), act(LOG, "enter", AREA, at("23:00"), sets={"entries": [ROW]})])
    return world


def play(world: World, moment: str, entries: list[tuple[dict[str, Any], tuple[int, int]]]) -> None:
    """Carry out, from a moment on, what the judge lets pass, each act by the first person who may."""
    for each, (minutes, late) in entries:
        moment = later(moment, minutes)
        if "record" in each and each["record"] not in world.records:
            continue
        timed = {**each, "at": later(moment, -late), "entered": moment, "reason": "so it was"}
        for person in (each["by"], AREA, LEAD, MANAGER, SUPERVISOR):
            step = world.step({**timed, "by": person})
            if not any(finding.severity == "error" for finding in world.judge(step)):
                world.records |= {one.new.id: one.new for one in world.change(step).steps}
                break


def against(world: World) -> list[str]:
    """Return every error that a check of the duties finds."""
    books = world.books
    found = []
    for record in world.records.values():
        if record.register.startswith("duty"):
            steps = replay(REGISTERS[record.register], record.id, record.acts)
            findings = [each for step in steps for each in judge_act(step, books, LAW)]
            findings += judge_state(record, books, LAW)
            found += [
                f"{record.id} {each.rule}: {each.message}" for each in findings if each.severity == "error"
            ]
    return found


@settings(max_examples=40)
@given(
    st.sampled_from(BEGINNINGS),
    st.lists(st.tuples(ENTRIES, WHEN), min_size=8, max_size=40),
)
def test_what_was_accepted_stands(moment: str, entries: list[tuple[dict[str, Any], tuple[int, int]]]) -> None:
    world = begun(moment)
    play(world, moment, entries)
    assert against(world) == []


def test_a_signature_of_one_on_duty_stands_though_he_is_entered_as_missing_later() -> None:
    world = in_force(base(), "signing.on-duty", {"duty-swap.colleague": ""})
    late = {"entered": at("12:00", 21), "reason": "did not come"}
    world.play(
        [
            duty(),
            duty(21, "day", LEAD),
            request(),
            act(SWAP, "agree", LEAD, at("10:10", 21)),
            act("W2611-A0002", "miss", SUPERVISOR, at("10:05", 21), **late),
        ]
    )
    assert against(world) == []
