"""Many commands at once on one desk: none lost, none doubled, no number left out."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git

APPROVE = "key loan approve"
DONE, REFUSED, STORAGE, BUSY = 0, 4, 5, 75


def act(run: Svcdesk, line: str, person: str) -> tuple[int, str]:
    """Start one command in a process of its own; try again where nothing was recorded, as its message asks."""
    for _attempt in range(20):
        code, said = _once(run, line, person)
        if code not in (STORAGE, BUSY):
            return code, said
    raise AssertionError(f"{line}: nothing was recorded twenty times")


def _once(run: Svcdesk, line: str, person: str) -> tuple[int, str]:
    from tests.conftest import identity

    result = run.start(line.split(), run.cwd, {"SVCDESK_NOW": run.now, **identity(person, run.cwd)}, "")
    assert "Traceback" not in result.stderr
    assert result.exit_code in (DONE, REFUSED, STORAGE, BUSY), result
    return result.exit_code, result.stdout


def together(run: Svcdesk, threads: int, each: int) -> None:
    """Let so many clerks ask for a key, and heads approve the same few loans, all at once."""
    lines = [(REQUEST, "clerk")] * (each - each // 5) + [
        (f"{APPROVE} KL2611-A{number:04}", "head") for number in range(1, each // 5 + 1)
    ]
    before = commits(run)
    with ThreadPoolExecutor(threads) as pool:
        runs = [
            pool.submit(lambda mine: [act(run, *line) for line in mine], lines) for _clerk in range(threads)
        ]
        answers = [answer for done in runs for answer in done.result()]
    acknowledged = [said.strip() for code, said in answers if code == DONE]
    assert commits(run) - before == len(acknowledged)
    assert Counter(acknowledged).most_common(1)[0][1] == 1, "the same act was acknowledged twice"
    loans = sorted(re.findall(r"(KL2611-A\d{4}) requested", "\n".join(acknowledged)))
    expected = threads * (each - each // 5)
    assert loans == [f"KL2611-A{number:04}" for number in range(2, expected + 2)]
    approved = [line for line in acknowledged if line.endswith("approved")]
    assert len(approved) == len({line for line, _person in lines if line.startswith(APPROVE)})
    assert_sound(run)


def assert_sound(run: Svcdesk) -> None:
    """Hold that repository, files, index and law agree."""
    assert git(run.cwd, "status", "--porcelain") == ""
    assert git(run.cwd, "fsck", "--full", "--no-dangling") == ""
    assert run("check").stderr == "svcdesk: no findings\n"
    assert run("doctor").stderr == "svcdesk: the desk is sound\n"


def test_four_clerks_at_once(run: Svcdesk, desk: Svcdesk) -> None:
    run.cwd = desk.cwd
    together(run, 4, 25)


@pytest.mark.long
def test_sixteen_clerks_at_once(run: Svcdesk, desk: Svcdesk) -> None:
    run.cwd = desk.cwd
    together(run, 16, 100)


def test_readers_beside_writers_see_whole_acts(run: Svcdesk, desk: Svcdesk) -> None:
    run.cwd = desk.cwd
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: [act(run, REQUEST, "clerk") for _number in range(6)])
        while not writing.done():
            assert run("key loan list --format csv").stdout.startswith("\ufeff")
            assert run("check").stderr == "svcdesk: no findings\n"
        assert [code for code, _said in writing.result()] == [DONE] * 6
    assert_sound(run)


@pytest.mark.long
def test_an_index_that_is_in_use_for_long_leaves_what_is_recorded_acknowledged(desk: Svcdesk) -> None:
    before = commits(desk)
    with closing(sqlite3.connect(desk.cwd / ".git/svcdesk/index.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert desk(REQUEST, as_="clerk").stdout == "KL2611-A0002 requested\n"
    assert commits(desk) == before + 1
    assert_sound(desk)
