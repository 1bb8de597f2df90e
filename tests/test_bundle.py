"""A bundle is verified as its README says, with git and ssh-keygen alone; whatever was changed shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git
from tests.forging import Forger
from tests.keys import keys as keys

ID = "KL2611-A0001"
TOOLS = "basename bash cat cmp cut git grep sed sha256sum ssh-keygen tar"


@pytest.fixture
def signing(desk: Svcdesk, keys: Path) -> Svcdesk:
    """The desk, with the loan's second act signed by the head of engineering."""
    desk(f"staff add-key S-A0004 --key {keys / 'li.pub'}")
    desk(f"--key {keys / 'li'} key loan approve {ID}", now="2026-11-22T09:05:00+08:00")
    desk(REQUEST, as_="clerk")
    return desk


def unpacked(desk: Svcdesk, options: str = "", ids: str = ID) -> Path:
    """Make a bundle, unpack it in a folder of its own, and return where its files are."""
    folder = desk.cwd.parent / "outside"
    folder.mkdir()
    desk(f"audit bundle {ids} --output {folder / 'evidence.tar'} {options}")
    subprocess.run(["tar", "-xf", "evidence.tar"], cwd=folder, check=True)
    (found,) = folder.glob("evidence-*")
    return found


def steps(folder: Path) -> list[str]:
    """Follow the README, step by step, where svcdesk is not installed; return what each step prints."""
    tools = folder.parent / "bin"
    if not tools.exists():
        tools.mkdir()
        for name in TOOLS.split():
            found = shutil.which(name)
            assert found, f"{name} is not installed"
            (tools / name).symlink_to(found)
    blocks = re.findall(r"```sh\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    script = "printf '\\036'\n".join(blocks)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": str(tools), "HOME": str(folder.parent), "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode().split("\036")


def touching(desk: Svcdesk) -> list[str]:
    return git(desk.cwd, "log", "--reverse", "--format=%H", "--", LOAN).split()


def test_an_outsider_verifies_what_the_readme_says(signing: Svcdesk) -> None:
    first, second = touching(signing)
    unchanged, objects, records, acts, signatures, order = steps(unpacked(signing))
    assert (unchanged, objects) == ("", "")
    assert records.splitlines() == [
        f"{LOAN}: as committed",
        "schemas/common.json: as committed",
        "schemas/key-loan.json: as committed",
    ]
    assert acts.splitlines() == [
        f"{first[:7]} clerk <clerk@example.org> 2026-11-22T09:00:00+08:00",
        f"  key-loan {ID}: request",
        f"A\t{LOAN}",
        f"{second[:7]} Head He <head@example.org> 2026-11-22T09:05:00+08:00",
        f"  key-loan {ID}: approve",
        f"M\t{LOAN}",
    ]
    assert signatures.splitlines() == [
        f"{first} not signed by clerk@example.org",
        f"{second} signed by head@example.org",
    ]
    assert order == ""


def test_the_whole_line_of_commits_proves_the_order(signing: Svcdesk) -> None:
    order = steps(unpacked(signing, "--chain"))[-1]
    assert order.splitlines() == [*(f"{each} in the history" for each in touching(signing)), "10"]


def test_only_what_was_asked_for_is_handed_over(signing: Svcdesk) -> None:
    """Others' records are known by their names alone."""
    folder = unpacked(signing, "--chain")
    steps(folder)
    held = git(folder / "check.git", "cat-file", "--batch-check", "--batch-all-objects")
    blobs = [line.split()[0] for line in held.splitlines() if " blob " in line]
    read = [git(folder / "check.git", "cat-file", "blob", each) for each in blobs]
    assert len([each for each in read if f"id: {ID}\n" in each]) == 2
    assert not any("id: S-A0004" in each or "id: KL2611-A0002" in each for each in read)
    assert len(read) == 4


def test_the_same_desk_gives_the_same_bytes(signing: Svcdesk) -> None:
    signing(f"audit bundle {ID} --output a.tar")
    git(signing.cwd, "gc", "--quiet")
    git(signing.cwd, "config", "pack.compression", "1")
    signing(f"audit bundle {ID} {ID} --output b.tar")
    assert (signing.cwd / "a.tar").read_bytes() == (signing.cwd / "b.tar").read_bytes()
    assert "is there already" in signing(f"audit bundle {ID} --output a.tar", 2).stderr


def test_what_svcdesk_found_is_told(signing: Svcdesk) -> None:
    told = json.loads((unpacked(signing) / "verdicts.json").read_bytes())
    assert [(each["commit"], each["records"]) for each in told] == [
        (each, [ID]) for each in touching(signing)
    ]
    assert {each["verdict"] for each in told} <= {"valid", "consistent"}


def test_a_founding_commit_is_verified_too(desk: Svcdesk) -> None:
    said = steps(unpacked(desk, ids="S-A0001"))
    assert "records/staff/S-A0001.yaml: as committed" in said[2]
    assert "A\trecords/desk.yaml" in said[3]
    assert not any("WRONG" in each or "fatal" in each for each in said)


def test_acts_that_a_merge_brought_are_verified_each(clones: Clones) -> None:
    for letter in "AB":
        clones[letter](REQUEST, as_="clerk")
    clones.sync("A", "B")
    said = steps(unpacked(clones["B"], "--chain", "KL2611-B0001"))
    assert [line for line in said[3].splitlines() if line.startswith(("  ", "A"))] == [
        "  key-loan KL2611-B0001: request",
        "A\trecords/key-loan/2611/B00/KL2611-B0001.yaml",
        "  merge",
        "A\trecords/key-loan/2611/B00/KL2611-B0001.yaml",
    ]
    assert [line for line in "".join(said).splitlines() if "WRONG" in line or "fatal" in line] == []


def test_a_retired_key_still_proves_what_it_signed(signing: Svcdesk, keys: Path) -> None:
    signing(f"staff retire-key S-A0004 --key {keys / 'li.pub'}")
    assert "signed by head@example.org" in steps(unpacked(signing))[4].splitlines()[1]


def test_what_a_key_signed_after_it_was_compromised_is_in_doubt(signing: Svcdesk, keys: Path) -> None:
    """As audit verify says it: on stderr, beside the signature, over the key."""
    first, approved = touching(signing)
    declare = f"staff compromise-key S-A0004 --key {keys / 'li.pub'} --reason stolen"
    signing(f"{declare} --since {first}", now="2026-11-22T10:00:00+08:00")
    assert "suspect" in signing("audit verify", 1).stdout
    said = signing(f"audit bundle {ID} --output said.tar").stderr
    assert f"svcdesk: {approved[:12]} in it is suspect, and the bundle says so; see svcdesk audit verify\n" in said
    folder = unpacked(signing)
    assert steps(folder)[4].splitlines() == [
        f"{first} not signed by clerk@example.org",
        f"{approved} signed by head@example.org, but suspect: compromised-key",
    ]
    remark, key = (folder / "allowed_signers").read_text().splitlines()
    assert remark == f"# declared compromised: what this key signed after {first} is in doubt"
    assert key.startswith("head@example.org ")
    told = json.loads((folder / "verdicts.json").read_bytes())
    assert [each["verdict"] for each in told] == ["consistent", "suspect"]


def test_what_was_surely_the_owners_is_in_no_doubt(signing: Svcdesk, keys: Path) -> None:
    approved = touching(signing)[1]
    declare = f"staff compromise-key S-A0004 --key {keys / 'li.pub'} --reason stolen"
    signing(f"{declare} --since {approved}", now="2026-11-22T10:00:00+08:00")
    folder = unpacked(signing)
    assert steps(folder)[4].splitlines()[1] == f"{approved} signed by head@example.org"
    assert (folder / "allowed_signers").read_text().startswith("# declared compromised")
    assert (folder / "doubts.txt").read_bytes() == b""


def test_the_exception_by_which_a_commit_stands_is_handed_over(desk: Svcdesk) -> None:
    """As soon as it is approved; until then the commit is invalid, and the bundle says that."""
    forger = Forger(desk.cwd)
    at, signed = "2026-11-22T09:10:00+08:00", [{"line": "approver", "staff": "S-A0005"}]
    commit = forger.publish(forger.act(forger.step(ID, "approve", "S-A0005", at, signed=signed)))
    forger.git("reset", "--hard", "-q")
    propose = f"audit exception propose --commit {commit} --broken approver-signs --reason leave"
    desk(propose, now="2026-11-22T10:00:00+08:00")
    assert f"{commit[:12]} in it is invalid" in desk(f"audit bundle {ID} --output a.tar").stderr
    broken = {each["rule"] for each in json.loads(desk("audit verify --format json", 1).stdout)["commits"]}
    named = " ".join(f"--broken {each}" for each in sorted(broken))
    desk(f"audit exception propose --commit {commit} {named} --reason leave")
    desk("audit exception approve AX-A0002")
    assert " in it is " not in desk(f"audit bundle {ID} --output b.tar").stderr
    said = steps(unpacked(desk))
    assert said[2].splitlines()[0] == "records/audit-exception/AX-A0002.yaml: as committed"
    assert f"{commit} not signed by clerk@example.org, but excepted: " in said[4]


def sealed_again(folder: Path) -> None:
    """Bring the digests up to what is there, as a forger would."""
    names = [
        each.relative_to(folder)
        for each in sorted(folder.rglob("*"))
        if each.is_file() and each.name != "SHA256SUMS"
    ]
    sums = subprocess.run(["sha256sum", *names], cwd=folder, capture_output=True, check=True).stdout
    (folder / "SHA256SUMS").write_bytes(sums)


def test_changed_bytes_show(signing: Svcdesk) -> None:
    folder = unpacked(signing)
    pack = bytearray((folder / "objects.pack").read_bytes())
    pack[len(pack) // 2] ^= 1
    (folder / "objects.pack").write_bytes(pack)
    assert "objects.pack: FAILED" in steps(folder)[0]
    sealed_again(folder)
    shutil.rmtree(folder / "check.git")
    assert "fatal: " in steps(folder)[1] or "error: " in steps(folder)[1]


def test_a_changed_record_shows(signing: Svcdesk) -> None:
    folder = unpacked(signing)
    record = folder / LOAN
    record.write_text(record.read_text().replace("inspection", "a party"))
    sealed_again(folder)
    said = steps(folder)
    assert said[0] == ""
    assert f"WRONG: {LOAN}" in said[2]


def test_a_changed_commit_shows(signing: Svcdesk) -> None:
    folder = unpacked(signing)
    (file, _other) = sorted((folder / "commits").iterdir())
    file.write_text(file.read_text().replace("clerk", "chief"))
    sealed_again(folder)
    assert f"WRONG: commits/{file.name}" in steps(folder)[1]


def test_anothers_key_proves_nothing(signing: Svcdesk, keys: Path) -> None:
    """The signature is good, but by a key that the list gives to somebody else."""
    folder = unpacked(signing)
    signers = folder / "allowed_signers"
    signers.write_text(signers.read_text().replace("head@", "clerk@"))
    sealed_again(folder)
    assert f"WRONG: {touching(signing)[1]}" in steps(folder)[4]


def test_a_key_that_the_register_did_not_hold_is_not_vouched_for(signing: Svcdesk, keys: Path) -> None:
    """The head signs with a key that nobody has entered."""
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(keys / "wang"))):
        git(signing.cwd, "config", name, value)
    git(signing.cwd, "commit", "--quiet", "--amend", "--no-edit", "-S")
    folder = unpacked(signing, ids="KL2611-A0002")
    commit = git(signing.cwd, "rev-parse", "main").strip()
    assert (folder / "allowed_signers").read_text() == ""
    assert f"WRONG: {commit}" in steps(folder)[4]
