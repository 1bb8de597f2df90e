"""backup and restore: the whole desk or nothing, the same bytes for the same history, no keys, no trust in the file."""

from __future__ import annotations

import json
import shutil
import tarfile
from dataclasses import asdict
from dataclasses import replace
from pathlib import Path

import pytest

from svcdesk import parcel
from svcdesk.backup import BUNDLE
from svcdesk.backup import KIND
from svcdesk.backup import MANIFEST
from svcdesk.backup import Manifest
from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git

SECRET = "hunter2-canary"


def saved(desk: Svcdesk, name: str = "desk.tar") -> Path:
    file = desk.cwd.parent / name
    desk(["backup", str(file)])
    return file


@pytest.fixture
def file(desk: Svcdesk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the desk beside it."""
    template = tmp_path_factory.getbasetemp() / "a-backup.tar"
    if not template.exists():
        shutil.copy(saved(desk), template)
    return Path(shutil.copy(template, desk.cwd.parent / "desk.tar"))


def left_in(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def refused(desk: Svcdesk, file: Path, exit_code: int = 2) -> str:
    """Restore, hold that nothing at all is left of it, and return what was said."""
    before = left_in(file.parent)
    said = desk(["restore", str(file), "again"], cwd=file.parent, exit_code=exit_code)
    assert left_in(file.parent) == before
    return said.stderr


def test_a_restored_desk_is_the_desk(desk: Svcdesk, file: Path) -> None:
    tip = git(desk.cwd, "rev-parse", "main")
    said = desk(["restore", file.name], cwd=file.parent)
    again = file.parent / "tower-a-20261122"
    assert said.stdout == f"{again}\n"
    assert (
        said.stderr.splitlines()[0] == f"svcdesk: Tower A: 7 commits up to {tip[:12]}, {files(again)} files"
    )
    assert (git(again, "rev-parse", "main"), git(again, "status", "--porcelain")) == (tip, "")
    assert (again / LOAN).read_bytes() == (desk.cwd / LOAN).read_bytes()
    assert (again / ".git/hooks/pre-commit").is_file()
    assert desk("check", cwd=again).stderr == "svcdesk: no findings\n"


def files(folder: Path) -> int:
    return len(git(folder, "ls-files").splitlines())


def test_a_restored_desk_numbers_nothing_until_it_has_a_letter_of_its_own(desk: Svcdesk, file: Path) -> None:
    desk(["restore", file.name, "again"], cwd=file.parent)
    again = file.parent / "again"
    add = "key add --name Roof --category machine-room --department engineering --hook 15"
    desk(add, cwd=again, exit_code=7)
    assert desk("station A", cwd=again, exit_code=4).stderr == "svcdesk: the letter A is taken\n"
    desk("station B", cwd=again)
    assert desk(add, cwd=again).stdout == "K-B0001 active\n"


def test_bytes_follow_from_the_history_alone(desk: Svcdesk) -> None:
    first = saved(desk, "1.tar").read_bytes()
    git(desk.cwd, "repack", "-adq")
    (desk.cwd / LOAN).write_text("a hand edit is not in main\n", "utf-8")
    assert saved(desk, "2.tar").read_bytes() == first
    git(desk.cwd.parent, "clone", "-q", "d", "clone")
    desk.cwd = desk.cwd.parent / "clone"
    assert saved(desk, "3.tar").read_bytes() == first


def test_others_can_open_and_prove_it_without_svcdesk(desk: Svcdesk, file: Path, tmp_path: Path) -> None:
    with tarfile.open(file) as tar:
        assert tar.getnames() == [MANIFEST, BUNDLE, parcel.SUMS]
        tar.extractall(tmp_path / "out", filter="data")
    for line in (tmp_path / "out" / parcel.SUMS).read_text("ascii").splitlines():
        assert parcel.digest(tmp_path / "out" / line[66:]) == line[:64]
    git(tmp_path, "clone", "-q", "-b", "main", f"out/{BUNDLE}", "cloned")
    assert git(tmp_path / "cloned", "rev-parse", "main") == git(desk.cwd, "rev-parse", "main")


def test_what_is_the_clones_own_stays_there(desk: Svcdesk) -> None:
    git(desk.cwd, "config", "remote.origin.url", f"https://me:{SECRET}@example.org/desk")
    (desk.cwd / ".git/svcdesk/key").write_text(SECRET, "ascii")
    (desk.cwd / "note.txt").write_text(SECRET, "ascii")
    file = saved(desk)
    desk(["restore", file.name, "again"], cwd=file.parent)
    kept = [each for each in (file.parent / "again").rglob("*") if each.is_file()]
    assert not any(SECRET.encode() in each.read_bytes() for each in (file, *kept))
    assert file.stat().st_mode & 0o077 == 0


def test_a_flipped_bit_or_a_cut_is_found(desk: Svcdesk, file: Path) -> None:
    whole = file.read_bytes()
    for share in (0, 0.0001, 0.01, 0.02, 0.03, 0.5, 0.9, 0.97, 0.98, 0.99, 0.9999):
        place = int(len(whole) * share)
        file.write_bytes(whole[:place])
        assert "is damaged, or no backup" in refused(desk, file)
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "is damaged, or no backup" in refused(desk, file)


def test_nothing_may_follow_the_end(desk: Svcdesk, file: Path) -> None:
    file.write_bytes(file.read_bytes() + bytes(512))
    assert "it does not end where it should" in refused(desk, file)


def test_a_folder_that_is_not_empty_is_left_alone(desk: Svcdesk, file: Path) -> None:
    target = file.parent / "again"
    target.mkdir()
    (target / "mine").touch()
    assert (
        desk(["restore", str(file), str(target)], exit_code=2).stderr == f"svcdesk: {target} is not empty\n"
    )
    assert left_in(target) == {"mine"}
    (target / "mine").unlink()
    desk(["restore", str(file), str(target)])
    assert commits(desk) == int(git(target, "rev-list", "--count", "main"))


def test_a_backup_replaces_nothing_and_lies_elsewhere(desk: Svcdesk, file: Path) -> None:
    before = file.read_bytes()
    assert "is there already" in desk(["backup", str(file)], exit_code=2).stderr
    assert file.read_bytes() == before
    assert "lies within the desk" in desk("backup desk.tar", exit_code=2).stderr
    assert not any(each.startswith("backup") for each in left_in(desk.cwd / ".git/svcdesk"))


def test_a_history_cut_short_or_damaged_is_no_backup(desk: Svcdesk, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{desk.cwd}", "shallow")
    said = desk(["backup", str(tmp_path / "no.tar")], cwd=tmp_path / "shallow", exit_code=7).stderr
    assert "shallow" in said
    oid = git(desk.cwd, "rev-parse", f"main:{LOAN}").strip()
    (desk.cwd / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    desk(["backup", str(tmp_path / "no.tar")], exit_code=5)
    assert not (tmp_path / "no.tar").exists()


class Forger:
    """Makes backups whose digests are right and whose content is not, with git alone."""

    def __init__(self, desk: Svcdesk, file: Path) -> None:
        self.desk = desk
        self.folder = folder = file.parent
        with tarfile.open(file) as tar:
            tar.extractall(folder / "parts", filter="data")
        self.manifest = Manifest(**json.loads((folder / "parts" / MANIFEST).read_text("utf-8")))

    def wrap(self, manifest: Manifest) -> Path:
        written = json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n"
        (self.folder / "parts" / MANIFEST).write_text(written, "utf-8")
        file = self.folder / "forged.tar"
        parcel.wrap(file, [self.folder / "parts" / name for name in (MANIFEST, BUNDLE)])
        return file

    def commit(self, entry: str) -> Path:
        """Add an entry of `git mktree` to the root of the tip's tree, and wrap that."""
        root = git(self.desk.cwd, "ls-tree", "main") + entry
        (self.folder / "root").write_text(root, "utf-8")
        git(self.desk.cwd, "config", "alias.made", f"!git mktree --missing < '{self.folder / 'root'}'")
        tree = git(self.desk.cwd, "made").strip()
        tip = git(self.desk.cwd, "commit-tree", tree, "-p", "main", "-m", "more").strip()
        git(self.desk.cwd, "update-ref", "refs/heads/main", tip)
        git(self.desk.cwd, "bundle", "create", "-q", str(self.folder / "parts" / BUNDLE), "main")
        old = self.manifest
        return self.wrap(replace(old, tip=tip, commits=old.commits + 1, files=old.files + 1))


@pytest.fixture
def forger(desk: Svcdesk, file: Path) -> Forger:
    return Forger(desk, file)


def test_the_forger_can_make_a_good_one(forger: Forger) -> None:
    file = forger.wrap(forger.manifest)
    forger.desk(["restore", str(file), str(forger.folder / "again")])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("120000 blob {blob}\tlink", "no plain file"),
        ("160000 commit {commit}\tmodule", "no plain file"),
        ("040000 tree {tree}\t.git", "damaged"),
        ("040000 tree {tree}\t..", "damaged"),
        ("040000 tree {tree}\tgit~1", "damaged"),
        ("100644 blob {blob}\t..\\evil", "path"),
    ],
)
def test_a_tree_that_reaches_out_is_refused(forger: Forger, entry: str, said: str) -> None:
    names = ("blob", "main:.gitattributes"), ("tree", "main:records"), ("commit", "main")
    oids = {name: git(forger.desk.cwd, "rev-parse", which).strip() for name, which in names}
    assert said in refused(forger.desk, forger.commit(entry.format(**oids) + "\n"))


@pytest.mark.parametrize(
    "lie",
    [
        {"tip": "0" * 40},
        {"tip": "--output=evil"},
        {"content": "0" * 64},
        {"commits": 1},
        {"desk": "../evil"},
        {"name": "Tower B"},
        {"zone": ["Asia/Shanghai"]},
        {"kind": KIND.replace("1", "2")},
    ],
)
def test_a_manifest_that_lies_is_refused(forger: Forger, lie: dict[str, object]) -> None:
    assert "manifest" in refused(forger.desk, forger.wrap(replace(forger.manifest, **lie)))


def test_names_in_the_file_name_nothing_on_the_disk(forger: Forger) -> None:
    parts = forger.folder / "parts"
    for number, name in enumerate(("../evil", "/tmp/evil", BUNDLE)):
        file = forger.folder / f"{number}.tar"
        with tarfile.open(file, "w", format=tarfile.USTAR_FORMAT) as tar:
            tar.add(parts / BUNDLE, arcname=name)
            tar.add(parts / MANIFEST, arcname=MANIFEST)
        assert "where manifest.json belongs" in refused(forger.desk, file)


def test_what_is_no_file_is_no_backup(desk: Svcdesk, tmp_path: Path) -> None:
    assert "there is no such file" in refused(desk, tmp_path / "nowhere.tar")
    (tmp_path / "empty.tar").touch()
    assert "is damaged, or no backup" in refused(desk, tmp_path / "empty.tar")


def test_flaws_of_the_desk_are_kept_and_said(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    file.write_text(file.read_text("utf-8").replace("state: requested", "state: issued"), "utf-8")
    git(desk.cwd, "commit", "-qam", "by hand")
    said = desk(["backup", str(desk.cwd.parent / "desk.tar")])
    assert "svcdesk check finds" in said.stderr
    restored = desk(["restore", "desk.tar", "again"], cwd=desk.cwd.parent)
    assert said.stderr.splitlines()[1] == restored.stderr.splitlines()[1]
    shutil.rmtree(desk.cwd.parent / "again")
