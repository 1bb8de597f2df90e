"""What must hold whatever people do: on acts at random over all registers, begun from the cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.books import OpenBooks
from svcdesk.clock import before
from svcdesk.clock import instant
from svcdesk.desk import LAW
from svcdesk.feeds import Hold
from svcdesk.feeds import Movement
from svcdesk.judge import judge_act
from svcdesk.judge import judge_shape
from svcdesk.judge import judge_state
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.registers import REGISTERS
from svcdesk.tree import Tree
from svcdesk.workflow import replay
from tests.games import Play
from tests.games import play
from tests.world import ZONE
from tests.world import ordered

GAMES = 32
EACH = given(st.integers(0, GAMES - 1))
SEED = settings(max_examples=GAMES)
"""Each example is a seed: `play(seed)` is what happened."""

played = cache(play)


@SEED
@EACH
def test_what_was_accepted_leaves_no_error(seed: int) -> None:
    game = played(seed)
    books = game.books
    for record in game.fresh:
        assert errors(judge_shape(record, LAW)) == []
        assert errors(judge_state(record, books, LAW)) == []
        for step in replay(REGISTERS[record.register], record.id, record.acts):
            assert errors(as_known(step, books)) == []


def as_known(step: Step, books: OpenBooks) -> list[Finding]:
    """Judge an act by what is known at the end, and where that speaks against it, by what was known then."""
    found = judge_act(step, books, LAW)
    return judge_act(step, books.known_at(step.entered).changed([step.new]), LAW) if errors(found) else found


def errors(findings: list[Finding]) -> list[str]:
    return [f"{each.record} {each.rule}: {each.message}" for each in findings if each.severity == "error"]


@SEED
@EACH
def test_balances_are_the_sum_of_the_slips_and_never_negative(seed: int) -> None:
    game = played(seed)
    for account, moved in accounts(game).items():
        moments = sorted({each.at for each in moved}, key=instant)
        for at in moments:
            total = sum(each.quantity for each in moved if not before(at, each.at))
            assert total >= 0
            assert game.books.balance(*account, at) == total


def accounts(game: Play) -> dict[tuple[str, str, str], list[Movement]]:
    """Return by material, place and lot what the slips say, read without the books."""
    found: dict[tuple[str, str, str], list[Movement]] = {}
    for record in standing(game):
        feed = REGISTERS[record.register].feeds.ledger
        for each in feed(record) if feed else ():
            found.setdefault((each.material, each.place, each.lot), []).append(each)
    return found


def standing(game: Play) -> Iterator[Record]:
    return (each for each in game.records.values() if each.state != "void")


@SEED
@EACH
def test_a_key_is_with_one_holder_at_any_instant(seed: int) -> None:
    holds: dict[str, list[Hold]] = {}
    for record in standing(played(seed)):
        feed = REGISTERS[record.register].feeds.custody
        for each in feed(record) if feed else ():
            if each.status in ("on-loan", "unsealed"):
                holds.setdefault(each.thing, []).append(each)
    for each in holds.values():
        for first, second in pairwise(sorted(each, key=lambda hold: instant(hold.since))):
            assert first.until is not None
            assert not before(second.since, first.until)


@SEED
@EACH
def test_a_closed_record_is_only_added_to(seed: int) -> None:
    for step in played(seed).steps:
        if step.old is None or step.old.state not in REGISTERS[step.new.register].final:
            continue
        if step.action not in ("correct", "void") and step.new.state == step.old.state:
            for name, value in step.old.data.items():
                assert kept(value, step.new.data.get(name)), (seed, step.act)


def kept(old: Any, new: Any) -> bool:
    """Tell whether a value stands as it was; a list may have grown."""
    return new[: len(old)] == old if isinstance(old, list) else new == old


@SEED
@EACH
def test_refolding_a_record_gives_the_same_bytes(seed: int) -> None:
    for record in played(seed).fresh:
        folded = ordered(replay(REGISTERS[record.register], record.id, record.acts)[-1].new)
        written = yamlio.dump(ordered(record).data)
        assert yamlio.dump(folded.data) == written
        assert yamlio.dump(yamlio.load(written)) == written


@SEED
@EACH
def test_the_order_in_which_records_came_changes_no_judgement(seed: int) -> None:
    game = played(seed)
    records = list(game.records.values())
    Random(seed).shuffle(records)
    again = [Record(each.register, yamlio.load(yamlio.dump(each.data))) for each in records]
    other = OpenBooks(Tree(again, schema.references), REGISTERS, ZONE, schema.references)
    for step in game.refused[:10]:
        assert game.judge(step) == game.judge_by(step, other)


def test_the_games_reach_most_actions() -> None:
    reached = Counter(
        (step.new.register, step.action) for seed in range(GAMES) for step in played(seed).steps
    )
    assert len(reached) > 60
    assert {"correct", "void", "sign"} <= {action for _register, action in reached}
