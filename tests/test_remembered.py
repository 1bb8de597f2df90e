"""A check that remembers gives the very answer of one that does not, whatever was done in between."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from svcdesk.desk import Desk
from svcdesk.remembered import recall
from tests.conftest import Result
from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import desk as desk
from tests.desks import git

KEY = "records/key/K-A0001.yaml"
STRAY = "records/key/K-A0002.yaml"


@pytest.fixture
def checked(desk: Svcdesk) -> Svcdesk:
    """A desk that has been checked once, its files as git's index knows them."""
    git(desk.cwd, "status")
    desk("check")
    return desk


def check(desk: Svcdesk, lang: str = "en") -> Result:
    return desk.start(["--lang", lang, "check"], desk.cwd, {}, "")


def from_the_beginning(desk: Svcdesk, lang: str = "en") -> Result:
    forget(desk.cwd)
    return check(desk, lang)


def forget(root: Path) -> None:
    for file in (root / ".git" / "svcdesk").glob("index.db*"):
        file.unlink()


def remembers(desk: Svcdesk) -> bool:
    return recall(Desk.find(desk.cwd)) is not None


def test_a_desk_in_which_nothing_changed_is_known(checked: Svcdesk) -> None:
    assert remembers(checked)
    assert check(checked) == from_the_beginning(checked)


def test_a_commit_of_other_files_does_not_matter(checked: Svcdesk) -> None:
    (checked.cwd / "notes.txt").write_text("mind the step\n")
    git(checked.cwd, "add", "notes.txt")
    git(checked.cwd, "commit", "--quiet", "--message", "note")
    assert remembers(checked)


def edit(root: Path) -> None:
    file = root / KEY
    file.write_bytes(file.read_bytes().replace(b"pump room", b"boiler room", 1))


def edit_keeping_the_size(root: Path) -> None:
    file = root / KEY
    file.write_bytes(file.read_bytes().replace(b"pump", b"pomp", 1))


def edit_where_git_was_told_to_look_away(root: Path) -> None:
    git(root, "update-index", "--assume-unchanged", KEY)
    edit(root)


def add_with_other_line_ends(root: Path) -> None:
    file = root / KEY
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    git(root, "add", KEY)


def delete(root: Path) -> None:
    (root / LOAN).unlink()


def link(root: Path) -> None:
    (root / "records" / "key" / "link").symlink_to("K-A0001.yaml")


def pipe(root: Path) -> None:
    os.mkfifo(root / "records" / "key" / "pipe")


def hide(root: Path) -> None:
    (root / "records" / "key" / ".gitignore").write_text("*\n")


def stray(root: Path) -> None:
    (root / STRAY).write_text("id: K-A0002\n")


def damage_the_index(root: Path) -> None:
    forget(root)
    (root / ".git" / "svcdesk" / "index.db").write_bytes(b"no database" * 1000)


def damage_the_mark(root: Path) -> None:
    from svcdesk.remembered import MARK
    from svcdesk.remembered import _marks

    _marks(Desk.find(root)).set_mark(MARK, '{"standing": {"law": "x"}, "findings": 3}')


DEEDS = (
    edit,
    edit_keeping_the_size,
    edit_where_git_was_told_to_look_away,
    add_with_other_line_ends,
    delete,
    link,
    pipe,
    hide,
    stray,
    damage_the_index,
    damage_the_mark,
)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_what_was_done_is_seen(checked: Svcdesk, deed: Callable[[Path], None]) -> None:
    deed(checked.cwd)
    first, second = check(checked), check(checked)
    assert first == second == from_the_beginning(checked)


@pytest.mark.parametrize("deed", DEEDS[:9], ids=lambda deed: deed.__name__)
def test_what_was_undone_is_seen_too(desk: Svcdesk, deed: Callable[[Path], None]) -> None:
    git(desk.cwd, "status")
    deed(desk.cwd)
    check(desk)
    git(desk.cwd, "update-index", "--no-assume-unchanged", KEY)
    git(desk.cwd, "reset", "--quiet", "--hard")
    git(desk.cwd, "clean", "--quiet", "--force", "-dx")
    assert check(desk) == from_the_beginning(desk)


def test_one_stray_file_in_the_place_of_another_is_seen(desk: Svcdesk) -> None:
    git(desk.cwd, "status")
    stray(desk.cwd)
    check(desk)
    (desk.cwd / STRAY).rename(desk.cwd / "records" / "key" / "K-A0003.yaml")
    assert check(desk) == from_the_beginning(desk)


def test_an_act_and_its_taking_back_are_seen(checked: Svcdesk) -> None:
    tip = git(checked.cwd, "rev-parse", "HEAD").strip()
    checked("key loan approve A0001", as_="head")
    assert not remembers(checked)
    assert check(checked) == from_the_beginning(checked)
    git(checked.cwd, "reset", "--quiet", "--hard", tip)
    assert check(checked) == from_the_beginning(checked)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_findings_are_said_again_in_any_language(desk: Svcdesk, lang: str) -> None:
    edit(desk.cwd)
    git(desk.cwd, "commit", "--quiet", "--all", "--message", "by hand")
    first = check(desk)
    assert first.exit_code == 1
    assert remembers(desk)
    assert check(desk, lang) == from_the_beginning(desk, lang)


def test_a_folder_may_be_asked_for_after_all_was_checked(desk: Svcdesk) -> None:
    edit(desk.cwd)
    git(desk.cwd, "commit", "--quiet", "--all", "--message", "by hand")
    check(desk)
    desk("check records/staff", 0)
    desk("check records/key", 1)
