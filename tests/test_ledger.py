"""Accounts: balances at any instant, and the first moment at which there was less than nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.feeds import Movement
from svcdesk.ledger import Account

MINUTES = st.integers(0, 59)


def moved(quantity: int, minute: int) -> Movement:
    return Movement("M-A0001", "L-A0001", "", quantity, at(minute), f"HD2611-A{minute:04}")


def at(minute: int) -> str:
    return f"2026-11-22T09:{minute:02}:00+08:00"


@pytest.mark.parametrize(
    ("minute", "before", "balance"), [(9, 0, 0), (10, 0, 70), (11, 70, 70), (20, 70, 50), (59, 50, 50)]
)
def test_a_balance_counts_what_moved_by_then(minute: int, before: int, balance: int) -> None:
    account = Account([moved(-20, 20), moved(100, 10), moved(-30, 10)])
    assert account.before(at(minute)) == before
    assert account.balance(at(minute)) == balance


@pytest.mark.parametrize(("since", "short"), [(0, (at(10), -5)), (10, (at(10), -5)), (11, (at(30), -1))])
def test_a_shortage_is_the_first_from_a_moment_on(since: int, short: tuple[str, int]) -> None:
    account = Account([moved(-5, 10), moved(6, 20), moved(-2, 30), moved(9, 40)])
    assert account.shortage(at(since)) == short
    assert account.shortage(at(31)) is None


@given(st.lists(st.tuples(st.integers(-9, 9), MINUTES)), MINUTES)
def test_a_balance_is_the_sum_of_the_slips(slips: list[tuple[int, int]], minute: int) -> None:
    account = Account([moved(*each) for each in slips])
    assert account.balance(at(minute)) == sum(each[0] for each in slips if each[1] <= minute)
    assert account.before(at(minute)) == sum(each[0] for each in slips if each[1] < minute)


@given(st.lists(st.tuples(st.integers(-9, 9), MINUTES)), MINUTES)
def test_no_shortage_means_none_at_any_instant(slips: list[tuple[int, int]], since: int) -> None:
    account = Account([moved(*each) for each in slips])
    short = any(account.balance(at(minute)) < 0 for _quantity, minute in slips if minute >= since)
    assert (account.shortage(at(since)) is not None) == short
