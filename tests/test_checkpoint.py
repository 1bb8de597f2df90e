"""Checkpoints: what history was, kept elsewhere, and what of it is lost or was shown differently."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies

from svcdesk.checkpoint import NAMESPACE
from svcdesk.checkpoint import Checkpoint
from svcdesk.checkpoint import read
from svcdesk.errors import BadInput
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git
from tests.forging import Forger
from tests.keys import keys as keys

NOTE = Checkpoint("tower-a", "1" * 40, 7, "2" * 40, "3" * 40, "2026-11-22T09:00:00+08:00")
ARMOUR = b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"


def test_a_note_is_read_as_it_was_written() -> None:
    assert read(NOTE.note) == NOTE
    signed = Checkpoint("tower-a", "1" * 40, 7, "2" * 40, "3" * 40, NOTE.time, "S-A0001", ARMOUR)
    assert read(signed.note) == signed


@pytest.mark.parametrize(
    "note",
    [
        b"",
        NOTE.note[:-1],
        NOTE.note + b"\n",
        NOTE.note + ARMOUR,
        NOTE.note.replace(b"signer: -", b"signer: S-A0001"),
        NOTE.note.replace(b"/1", b"/2"),
        NOTE.note.replace(b"size: 7", b"size: 07"),
        NOTE.note.replace(b"size: 7", b"size: 0"),
        NOTE.note.replace(b"tower-a", b"tower\x1b[31m"),
        NOTE.note.replace(b"tower-a", "tower\u202ea".encode()),
        NOTE.note.replace(b"tower-a", b"\xff"),
        NOTE.note.replace(b"\n", b"\r\n"),
        NOTE.payload.replace(b"signer: -", b"signer: S-A0001") + ARMOUR + b"x" * 10_000,
    ],
)
def test_what_is_not_of_the_one_form_is_refused(note: bytes) -> None:
    with pytest.raises(BadInput):
        read(note)


@given(strategies.integers(0, len(NOTE.note) - 1), strategies.integers(0, 255))
def test_a_changed_byte_never_goes_unseen(place: int, byte: int) -> None:
    changed = NOTE.note[:place] + bytes([byte]) + NOTE.note[place + 1 :]
    try:
        assert read(changed).note == changed
    except BadInput:
        assert changed != NOTE.note


@pytest.fixture
def signing(desk: Svcdesk, keys: Path) -> Svcdesk:
    """The desk, in which the admin's key is entered."""
    desk(f"staff add-key S-A0001 --key {keys / 'wang.pub'}")
    return desk


def taken(desk: Svcdesk, name: str, options: str = "") -> Path:
    """Take a checkpoint into a file beside the desk."""
    file = desk.cwd.parent / name
    desk(f"audit checkpoint {options} {file}")
    return file


def test_a_checkpoint_says_what_history_is(desk: Svcdesk) -> None:
    said = desk("audit checkpoint")
    genesis, tip = git(desk.cwd, "rev-list", "main").split()[-1], git(desk.cwd, "rev-parse", "main")
    assert said.stdout == (
        "svcdesk-checkpoint/1\n"
        "desk: tower-a-20261122\n"
        f"genesis: {genesis}\n"
        "size: 7\n"
        f"tip: {tip}"
        f"tree: {git(desk.cwd, 'rev-parse', 'main^{tree}')}"
        "time: 2026-11-22T09:00:00+08:00\n"
        "signer: -\n"
    )
    assert said.stderr == (
        "svcdesk: not signed: this clone has no signing key; --key names one\n"
        "svcdesk: this clone has verified 0 of 7 commits; see svcdesk audit verify\n"
    )


def test_plain_ssh_keygen_verifies_a_checkpoint(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    signing("audit verify")
    said = signing(f"audit checkpoint --key {keys / 'wang'}")
    assert said.stderr == ""
    payload, begin, rest = said.stdout.partition("-----BEGIN")
    (tmp_path / "signature").write_text(begin + rest)
    (tmp_path / "signers").write_text(f"S-A0001 {(keys / 'wang.pub').read_text()}")
    files = ["-f", tmp_path / "signers", "-s", tmp_path / "signature"]
    command = ["ssh-keygen", "-Y", "verify", *files, "-I", "S-A0001", "-n", NAMESPACE]
    subprocess.run(command, input=payload.encode(), capture_output=True, check=True)


def test_git_names_the_key(signing: Svcdesk, keys: Path) -> None:
    git(signing.cwd, "config", "gpg.format", "ssh")
    git(signing.cwd, "config", "user.signingkey", str(keys / "wang"))
    assert "signer: -" in signing("audit checkpoint").stdout
    git(signing.cwd, "config", "commit.gpgsign", "true")
    assert "signer: S-A0001\n-----BEGIN SSH SIGNATURE-----\n" in signing("audit checkpoint").stdout


def test_only_a_key_of_ones_own_signs(signing: Svcdesk, keys: Path) -> None:
    assert "is the key of nobody who works here" in signing(f"audit checkpoint --key {keys / 'li'}", 4).stderr
    said = signing(f"audit checkpoint --key {keys / 'wang'}", as_="clerk")
    assert "signer: S-A0001\n" in said.stdout
    for name, value in (
        ("gpg.format", "ssh"),
        ("commit.gpgsign", "true"),
        ("user.signingkey", str(keys / "li")),
    ):
        git(signing.cwd, "config", name, value)
    assert "holds no such key of S-A0001" in signing("audit checkpoint", 4).stderr


def test_no_checkpoint_is_overwritten(desk: Svcdesk) -> None:
    file = taken(desk, "first.txt")
    assert "is there already" in desk(f"audit checkpoint {file}", 2).stderr


def test_no_checkpoint_is_taken_of_a_rewritten_history(desk: Svcdesk) -> None:
    desk("audit verify")
    git(desk.cwd, "reset", "--quiet", "--hard", "main~1")
    assert desk("audit checkpoint", 8).stdout == ""


def test_only_what_came_after_is_judged(signing: Svcdesk, keys: Path) -> None:
    forger = Forger(signing.cwd)
    forger.publish(forger.commit(forger.tree({".mailmap": b"\n"}), "tidy\n", "2026-11-22T09:10:00+08:00"))
    file = taken(signing, "first.txt", f"--key {keys / 'wang'}")
    signing("audit verify", 1)
    signing(REQUEST, as_="clerk", now="2026-11-22T09:20:00+08:00")
    said = signing(f"audit verify --from {file}").stderr
    assert said.endswith("1 commit: consistent 1; the verdict of this range alone: consistent\n")
    assert "alone: consistent" in signing(["audit", "verify", "--from", "main~1"]).stderr
    assert "pinned nothing yet" in signing("audit verify --from pin", 2).stderr
    assert "leave one out" in signing(f"audit verify --from {file} main~1..", 2).stderr
    assert "names no commit" in signing("audit verify --from first.txt", 2).stderr


def test_from_the_pin_only_new_commits_are_judged(desk: Svcdesk) -> None:
    desk("audit verify")
    desk(REQUEST, as_="clerk")
    assert "1 commit: consistent 1" in desk("audit verify --from pin").stderr
    tip = git(desk.cwd, "rev-parse", "main")
    assert desk("audit verify --from pin").stderr.endswith(f"no commit came after {tip[:12]}\n")


def test_what_was_lost_since_a_checkpoint_is_named(desk: Svcdesk) -> None:
    file = taken(desk, "first.txt")
    lost = git(desk.cwd, "rev-parse", "main").strip()
    git(desk.cwd, "reset", "--quiet", "--hard", "main~1")
    said = desk(f"audit verify --from {file}", 8).stderr
    assert "which the checkpoint of 2026-11-22T09:00:00+08:00 names" in said
    assert f"{lost[:12]} (key-loan KL2611-A0001: request) is lost or rewritten" in said
    (told,) = (desk.cwd / ".git/svcdesk/evidence").iterdir()
    assert "svcdesk-checkpoint/1" in told.read_text()


def edited(file: Path, changes: dict[str, str]) -> str:
    """Return a checkpoint with lines changed by hand."""
    pairs = dict(line.split(": ", 1) for line in file.read_text().splitlines()[1:])
    return "svcdesk-checkpoint/1\n" + "".join(
        f"{key}: {value}\n" for key, value in {**pairs, **changes}.items()
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"desk": "tower-b"}, "is one of the desk tower-b"),
        ({"tree": "0" * 40}, "a tree that its commit has not"),
        ({"signer": "S-A0001\n" + ARMOUR.decode().rstrip("\n")}, "is not signed by a key of S-A0001"),
    ],
)
def test_a_false_checkpoint_is_refused(desk: Svcdesk, changes: dict[str, str], wrong: str) -> None:
    file = taken(desk, "first.txt")
    file.write_text(edited(file, changes))
    assert wrong in desk(f"audit verify --from {file}", 2).stderr


def test_a_key_retired_since_still_proves_its_checkpoint(signing: Svcdesk, keys: Path) -> None:
    file = taken(signing, "first.txt", f"--key {keys / 'wang'}")
    signing(f"--key {keys / 'wang'} staff retire-key S-A0001 --key {keys / 'wang.pub'}")
    signing(f"audit verify --from {file}")


def test_a_compromised_key_proves_nothing(signing: Svcdesk, keys: Path) -> None:
    file = taken(signing, "first.txt", f"--key {keys / 'wang'}")
    since = git(signing.cwd, "rev-parse", "main").strip()
    signing(f"--key {keys / 'wang'} staff compromise-key S-A0001 --key {keys / 'wang.pub'} --since {since} --reason x")
    assert "is not signed by a key of S-A0001" in signing(f"audit verify --from {file}", 2).stderr


def test_two_histories_shown_are_proved(signing: Svcdesk, keys: Path) -> None:
    """The server shows one clerk another last act than the other clerk."""
    signing(REQUEST, as_="clerk")
    first = taken(signing, "first.txt", f"--key {keys / 'wang'}")
    git(signing.cwd, "reset", "--quiet", "--hard", "main~1")
    signing(REQUEST.replace("inspection", "repair"), as_="clerk")
    second = taken(signing, "second.txt", f"--key {keys / 'wang'}")
    said = signing(f"audit compare {first} {second}", 8).stderr
    assert "two histories of one desk have been shown: after 9 commits it stood at" in said


def test_checkpoints_of_one_history_agree(desk: Svcdesk) -> None:
    first = taken(desk, "first.txt")
    desk(REQUEST, as_="clerk")
    second = taken(desk, "second.txt")
    assert desk(f"audit compare {second} {first}").stderr == "svcdesk: one history: 8 commits extend 7\n"
    desk(f"audit compare {first} {first}")


@pytest.mark.parametrize("more", [1, 2])
def test_neither_of_two_histories_that_contradict_is_taken_for_the_true_one(desk: Svcdesk, more: int) -> None:
    """The rewritten one is shorter than the one that was kept, or longer."""
    desk(REQUEST, as_="clerk")
    kept = taken(desk, "kept.txt")
    git(desk.cwd, "reset", "--quiet", "--hard", "main~2")
    for _ in range(2 * more - 1):
        desk(REQUEST.replace("inspection", "repair"), as_="clerk", now="2026-11-22T10:00:00+08:00")
    rewritten = taken(desk, "rewritten.txt")
    told = set()
    for pair in ((kept, rewritten), (rewritten, kept)):
        said = desk(f"audit compare {pair[0]} {pair[1]}", 8).stderr
        assert "two histories of one desk have been shown, and neither continues the other" in said
        assert "(key-loan KL2611-A0001: request)" in said
        assert "rewritten" not in said
        told.add(said)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("changes", "exit_code", "wrong"),
    [
        ({"genesis": "0" * 40}, 2, "are of different desks"),
        ({"size": "8"}, 2, "one of them is false"),
        ({"size": "8", "tip": "0" * 40}, 7, "this desk does not hold 000000000000"),
    ],
)
def test_checkpoints_that_prove_nothing_are_refused(
    desk: Svcdesk, changes: dict[str, str], exit_code: int, wrong: str
) -> None:
    first, other = taken(desk, "first.txt"), desk.cwd.parent / "other.txt"
    other.write_text(edited(first, changes))
    assert wrong in desk(f"audit compare {first} {other}", exit_code).stderr
