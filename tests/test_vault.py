"""The locks: what was sealed opens for whom and where it was meant, and for nobody and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from svcdesk import vault

KEY, OTHER = bytes(32), bytes([1]) * 32
BOUND = ("text", "desk", "CU-A0001")
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200)


@given(TEXTS)
def test_what_is_sealed_opens_again(clear: str) -> None:
    assert vault.unseal(KEY, vault.seal(KEY, clear, BOUND), BOUND) == clear


@given(TEXTS, st.integers(0, 10_000))
def test_a_changed_letter_opens_nothing(clear: str, place: int) -> None:
    body = vault.seal(KEY, clear, BOUND)
    place %= len(body) - 1  # the last letter has bits that say nothing
    changed = body[:place] + ("A" if body[place] != "A" else "B") + body[place + 1 :]
    assert vault.unseal(KEY, changed, BOUND) is None


def test_another_key_or_place_opens_nothing() -> None:
    body = vault.seal(KEY, "13800138000", BOUND)
    assert vault.unseal(OTHER, body, BOUND) is None
    assert vault.unseal(KEY, body, (*BOUND[:2], "CU-A0002")) is None
    assert vault.unseal(KEY, "A", BOUND) is None


def test_nothing_is_told_by_length_or_by_the_same_text_again() -> None:
    short, long = vault.seal(KEY, "1", BOUND), vault.seal(KEY, "x" * vault.BLOCK, BOUND)
    assert len(short) == len(long) < len(vault.seal(KEY, "x" * (vault.BLOCK + 1), BOUND))
    assert short != vault.seal(KEY, "1", BOUND)


def test_a_wrapped_key_is_for_one_person_and_one_use() -> None:
    mine, theirs, data = vault.new_key(), vault.new_key(), vault.new_key()
    wrapped = vault.wrap(data, vault.public_of(mine), BOUND)
    assert vault.unwrap(wrapped, mine, BOUND) == data
    assert vault.unwrap(wrapped, theirs, BOUND) is None
    assert vault.unwrap(wrapped, mine, ("key",)) is None
    assert vault.unwrap(wrapped[:-1], mine, BOUND) is None
    assert vault.unwrap(bytes(80), mine, BOUND) is None
