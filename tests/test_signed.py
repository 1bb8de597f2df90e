"""Signed acts: commits that carry their author's key, lines that ask for it, a colleague at a shared counter."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from svcdesk.commits import Commit
from svcdesk.commits import parse
from svcdesk.sshsig import verify
from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git
from tests.desks import unchanged
from tests.keys import keys as keys
from tests.keys import make
from tests.keys import public

SIGNED = 'policy set signing.least \'{"key-loan.approver": "signed"}\''
HANDED = "--as borrower=S-A0003"


def use(desk: Svcdesk, key: Path) -> None:
    """Tell the desk's git to sign with a key, as a person would."""
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true")):
        git(desk.cwd, "config", name, value)


@pytest.fixture
def signing(desk: Svcdesk, keys: Path) -> Svcdesk:
    """The desk in the clone of the head of engineering, who signs; the admin has entered a key of his own too."""
    desk(f"staff add-key S-A0004 --key {keys}/wang.pub", as_="head")
    desk(f"staff add-key S-A0001 --key {keys}/li.pub")
    use(desk, keys / "wang")
    return desk


def tip(desk: Svcdesk) -> Commit:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    shown = subprocess.run(
        ["git", "cat-file", "commit", "main"], cwd=desk.cwd, env=environment, capture_output=True, check=True
    )
    return parse(git(desk.cwd, "rev-parse", "main").strip(), shown.stdout)


def signer(desk: Svcdesk, *offered: Path) -> str | None:
    commit = tip(desk)
    return (
        verify(commit.payload, commit.signature, [public(each) for each in offered])
        if commit.signature
        else None
    )


@contextmanager
def without_key(desk: Svcdesk) -> Iterator[None]:
    """Take the key away from the clone for a while."""
    git(desk.cwd, "config", "commit.gpgsign", "false")
    yield
    git(desk.cwd, "config", "commit.gpgsign", "true")


def test_an_act_carries_its_authors_key(signing: Svcdesk, keys: Path) -> None:
    signing("key loan approve A0001", as_="head")
    assert signer(signing, keys / "wang") == public(keys / "wang")
    allowed = signing.cwd.parent / "allowed"
    allowed.write_text(f'head@example.org namespaces="git" {public(keys / "wang")}\n', "utf-8")
    git(signing.cwd, "-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", "main")
    assert git(signing.cwd, "fsck", "--strict") == ""
    assert signing("check").stderr == "svcdesk: no findings\n"


def test_nobody_signs_with_anothers_key(signing: Svcdesk) -> None:
    """The clerk acts in the head's clone: he has no key, so nothing is signed and nothing said."""
    done = signing(REQUEST, as_="clerk")
    assert (tip(signing).signature, done.stderr) == (None, "")


def test_a_key_that_is_not_in_the_register_signs_nothing(signing: Svcdesk, keys: Path) -> None:
    use(signing, keys / "curve")
    done = signing("key loan approve A0001", as_="head")
    assert tip(signing).signature is None
    assert done.stderr.startswith("svcdesk: not signed: SHA256:")
    assert "is no key of S-A0004; svcdesk --key FILE signs with one that is" in done.stderr
    assert (
        "is not in the staff register; svcdesk whoami --setup enters it"
        in signing("whoami", as_="head").stderr
    )


def test_a_retired_key_signs_no_more(signing: Svcdesk, keys: Path) -> None:
    signing(f"staff retire-key S-A0004 --key {keys}/wang.pub", as_="head")
    assert signer(signing, keys / "wang") is not None, "the act that retires it is still its own"
    signing("key loan approve A0001", as_="head")
    assert tip(signing).signature is None


@pytest.mark.parametrize("broken", ["gone", "locked", "not a key"])
def test_what_cannot_be_signed_is_not_recorded(
    signing: Svcdesk, keys: Path, tmp_path: Path, broken: str
) -> None:
    file = shutil.copy(keys / "wang", tmp_path / "mine")
    shutil.copy(keys / "wang.pub", tmp_path / "mine.pub")
    use(signing, Path(file))
    if broken == "gone":
        Path(file).unlink()
    elif broken == "not a key":
        Path(file).write_text("nothing\n", "utf-8")
    else:
        subprocess.run(["ssh-keygen", "-q", "-p", "-N", "a long one", "-f", file], check=True)
    with unchanged(signing):
        done = signing("key loan approve A0001", 5, as_="head")
    assert done.stderr.startswith("svcdesk: nothing was recorded: it could not be signed: ")
    assert done.stderr.count("\n") == 1


def test_a_public_half_that_is_not_its_own_is_found_out(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    """The register holds the key of the .pub file, but another one signs."""
    shutil.copy(keys / "curve", tmp_path / "mine")
    shutil.copy(keys / "wang.pub", tmp_path / "mine.pub")
    use(signing, tmp_path / "mine")
    with unchanged(signing):
        said = signing("key loan approve A0001", 5, as_="head").stderr
    assert said.startswith("svcdesk: nothing was recorded: ")


def test_an_agent_signs_for_a_key_without_a_file(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert agent.poll() is None
        environment = {"SSH_AUTH_SOCK": str(socket)}
        added = {**os.environ, **environment}
        subprocess.run(["ssh-add", "-q", keys / "wang"], env=added, check=True, capture_output=True)
        git(signing.cwd, "config", "user.signingkey", f"key::{public(keys / 'wang')}")
        signing("key loan approve A0001", as_="head", env=environment)
    finally:
        agent.terminate()
        agent.wait()
    assert signer(signing, keys / "wang") is not None


def ask_for_signatures(desk: Svcdesk, setting: str = SIGNED) -> None:
    desk(setting)
    desk("policy approve signing.least")


def test_a_line_below_its_least_assurance_gates(signing: Svcdesk) -> None:
    ask_for_signatures(signing)
    with without_key(signing):
        signing("key loan approve A0001", as_="head")
        refused = signing(f"key loan issue A0001 {HANDED}", 4, as_="clerk").stderr
        assert "approver: S-A0004 signed, but issue needs it signed with his own key" in refused
        assert "svcdesk sign KL2611-A0001 approver" in refused
        again = signing("sign KL2611-A0001 approver", 4, as_="head").stderr
        assert "S-A0004 has signed approver already" in again
    signing("sign KL2611-A0001 approver", as_="head")
    signing(f"key loan issue A0001 {HANDED}", as_="clerk")
    assert signing("check").stderr == "svcdesk: no findings\n"


def test_a_signature_of_long_ago_is_found_in_history(signing: Svcdesk, keys: Path) -> None:
    """The key was good when it signed; that it is retired since, or the line asked for since, changes nothing."""
    signing("key loan approve A0001", as_="head")
    ask_for_signatures(signing)
    signing(f"staff retire-key S-A0004 --key {keys}/wang.pub", as_="head")
    signing(f"key loan issue A0001 {HANDED}", as_="clerk")


def test_a_pasted_signature_is_none(signing: Svcdesk) -> None:
    """A signature is over one commit; taken from another it is worth nothing."""
    ask_for_signatures(signing)
    signing(REQUEST, as_="clerk")
    signing("key loan approve A0002", as_="head")
    armour = tip(signing).signature
    assert armour is not None
    with without_key(signing):
        signing("key loan approve KL2611-A0001", as_="head")
    body = tip(signing)
    head, _, words = body.payload.partition(b"\n\n")
    forged = head + b"\ngpgsig " + armour.rstrip(b"\n").replace(b"\n", b"\n ") + b"\n\n" + words
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=signing.cwd, input=forged, capture_output=True, check=True,
    )  # fmt: skip
    git(signing.cwd, "update-ref", "refs/heads/main", made.stdout.decode().strip())
    assert "needs it signed" in signing(f"key loan issue KL2611-A0001 {HANDED}", 4, as_="clerk").stderr


def test_a_register_whose_every_act_is_signed(signing: Svcdesk, keys: Path) -> None:
    ask_for_signatures(signing, 'policy set signing.least \'{"key-loan": "signed"}\'')
    with unchanged(signing):
        refused = signing(REQUEST, 4, as_="clerk").stderr
    assert "S-A0005 has to sign request with an SSH key of his own; svcdesk whoami --setup tells" in refused
    signing("key loan approve A0001", as_="head")
    signing("key add --name Attic --category machine-room --department engineering --hook 15")


def test_the_first_key_need_not_sign_itself(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    use(signing, keys / "li")
    ask_for_signatures(signing, 'policy set signing.least \'{"*": "signed"}\'')
    assert "has to sign" in signing("staff change S-A0005 --phone 5551234", 4, as_="clerk").stderr
    make(tmp_path, "chen")
    signing(f"staff add-key S-A0005 --key {tmp_path}/chen", as_="clerk")
    use(signing, tmp_path / "chen")
    signing("staff change S-A0005 --phone 5551234", as_="clerk")
    make(tmp_path, "second")
    with without_key(signing):
        second = f"staff add-key S-A0005 --key {tmp_path}/second.pub"
        assert "has to sign" in signing(second, 4, as_="clerk").stderr


def test_a_colleague_at_the_counter_signs_with_his_own_key(signing: Svcdesk, keys: Path) -> None:
    ask_for_signatures(signing)
    with without_key(signing):
        signing(f"--key {keys}/wang key loan approve A0001", as_="clerk")
    assert tip(signing).author == ("Head He", "head@example.org")
    assert signer(signing, keys / "wang") is not None
    assert signing(f"--key {keys}/wang whoami", as_="clerk").stdout.startswith("S-A0004 ")
    signing(f"key loan issue A0001 {HANDED}", as_="clerk")
    assert signing("check").stderr == "svcdesk: no findings\n"


def test_a_line_is_signed_with_the_borrowers_own_key(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    make(tmp_path, "li")
    signing(f"staff add-key S-A0003 --key {tmp_path}/li.pub", as_="engineer")
    signing("key loan approve A0001", as_="head")
    signing(f"sign KL2611-A0001 borrower --key {tmp_path}/li", as_="clerk")
    assert signer(signing, tmp_path / "li") is not None
    assert "Svcdesk-Signed: borrower=S-A0003(identified)" in tip(signing).message
    signing("key loan issue A0001", as_="clerk")


def test_at_a_shared_clone_whoami_names_whose_key_it_is(signing: Svcdesk) -> None:
    said = signing("whoami").stderr
    assert "is that of S-A0004 Head He; svcdesk --key FILE acts with one's own" in said


@pytest.mark.parametrize("which", ["unknown", "retired", "missing", "garbage"])
def test_a_strange_key_acts_for_nobody(signing: Svcdesk, keys: Path, tmp_path: Path, which: str) -> None:
    key, code = keys / "curve", 4
    if which == "retired":
        key = keys / "wang"
        signing(f"staff retire-key S-A0004 --key {keys}/wang.pub", as_="head")
    elif which == "missing":
        key, code = tmp_path / "none", 2
    elif which == "garbage":
        key, code = tmp_path / "garbage", 2
        key.write_text("garbage\n", "utf-8")
    with unchanged(signing):
        said = signing(f"--key {key} key loan approve A0001", code, as_="clerk").stderr
    strange = {
        "unknown": "is the key of nobody who works here",
        "retired": "has ended; svcdesk whoami --setup FILE",
    }
    assert strange.get(which, str(key)) in said


def test_setup_enters_the_key_and_lets_the_clone_sign(desk: Svcdesk, home: Path) -> None:
    none = desk("whoami --setup", 2, as_="head").stderr
    assert none == "svcdesk: there is no SSH key in ~/.ssh; ssh-keygen -t ed25519 makes one\n"
    (home / ".ssh").mkdir()
    make(home / ".ssh", "id_ed25519")
    assert "acts are not signed here; svcdesk whoami --setup [FILE]" in desk("whoami", as_="head").stderr
    assert "acts are signed with SHA256:" in desk("whoami --setup", as_="head").stderr
    assert tip(desk).signature is None, "a first key cannot sign itself"
    desk("key loan approve A0001", as_="head")
    assert signer(desk, home / ".ssh" / "id_ed25519") is not None
    before = git(desk.cwd, "rev-parse", "main")
    assert "acts are signed with" in desk("whoami --setup", as_="head").stderr
    assert git(desk.cwd, "rev-parse", "main") == before, "it is entered once"


def test_setup_says_what_is_left_to_do(desk: Svcdesk, keys: Path) -> None:
    desk("staff add --name 'Second Su' --email su@example.org --post desk-admin --department administration")
    said = desk(f"whoami --setup {keys}/wang", as_="head", now="2026-11-22T09:01:00+08:00").stderr
    waits = (
        "does not count yet: a desk-admin other than S-A0004 has to second it: svcdesk sign S-A0004 second"
    )
    assert waits in said
    assert waits in desk(f"--key {keys}/wang whoami", 4, as_="head").stderr
    assert due(desk, "--for me", "su") == [("S-A0004", "second", "S-A0006")]
    desk("key loan approve A0001", as_="head")
    assert tip(desk).signature is None
    desk("sign S-A0004 second", as_="su")
    assert (
        "nothing of S-A0001 waits for a second desk-admin" in desk("sign S-A0001 second", 4, as_="su").stderr
    )
    assert "acts are signed with" in desk("whoami", as_="head").stderr
    desk(f"staff retire-key S-A0004 --key {keys}/wang.pub", as_="head")
    assert re.search(r"SSH key ssh-ed25519 .*, how retired\n", desk("staff show S-A0004").stdout)
    assert "has ended; svcdesk whoami --setup FILE enters another" in desk("whoami", as_="head").stderr
    assert "was entered before (retired)" in desk(f"whoami --setup {keys}/wang", 4, as_="head").stderr


def test_who_holds_a_key_enters_and_ends_keys_with_it(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    make(tmp_path, "second")
    git(signing.cwd, "config", "--unset", "user.signingkey")
    told = "S-A0004 has to sign {} with an SSH key that he holds: svcdesk --key FILE; another desk-admin ends"
    with unchanged(signing):
        refused = signing(f"whoami --setup {tmp_path}/second", 4, as_="head").stderr
        assert told.format("add-key") in refused
        refused = signing(f"staff retire-key S-A0004 --key {keys}/wang.pub", 4, as_="head").stderr
        assert told.format("retire-key") in refused
        refused = signing(f"staff retire-key S-A0004 --key {keys}/wang.pub", 4).stderr
        assert "S-A0001 has to sign retire-key" in refused
    assert "user.signingkey" not in git(signing.cwd, "config", "--list")
    signing(f"--key {keys}/wang whoami --setup {tmp_path}/second", as_="head")
    signing("key loan approve A0001", as_="head")
    assert signer(signing, tmp_path / "second") is not None


def test_a_page_shows_the_keys_that_have_not_ended(signing: Svcdesk, keys: Path) -> None:
    signing(f"--key {keys}/wang staff add-key S-A0004 --key {keys}/curve.pub")
    signing(f"staff compromise-key S-A0004 --key {keys}/wang.pub --since HEAD --reason lost", as_="head")
    fields = signing("staff show S-A0004").stdout.partition("Acts\n")[0].splitlines()
    assert f"  SSH keys: {public(keys / 'curve')}" in fields
    assert not [each for each in fields if each.startswith(("  SSH key:", "  Since:"))]
    assert any("how compromised" in each and public(keys / "wang") in each for each in fields)


def test_who_asks_for_keys_is_told_that_all_hangs_on_one(signing: Svcdesk, keys: Path) -> None:
    use(signing, keys / "li")
    signing("policy set signing.least '*=signed'")
    warned = "should the key of S-A0001 be lost, nobody keeps this desk any more"
    assert warned in signing("policy approve signing.least").stderr
    signing(f"staff add-key S-A0001 --key {keys}/curve.pub")
    signing("policy set signing.least '*=signed,key-loan.borrower=identified'")
    assert warned not in signing("policy approve signing.least").stderr


def test_a_lost_key_is_ended_by_a_desk_admin(signing: Svcdesk, keys: Path, tmp_path: Path) -> None:
    make(tmp_path, "second")
    signing(f"--key {keys}/li staff retire-key S-A0004 --key {keys}/wang.pub")
    git(signing.cwd, "config", "--unset", "user.signingkey")
    signing(f"whoami --setup {tmp_path}/second", as_="head")
    signing("key loan approve A0001", as_="head")
    assert signer(signing, tmp_path / "second") is not None
    assert verified(signing) == "consistent"


def verified(desk: Svcdesk) -> str:
    said = desk("audit verify --format json", now="2026-11-22T18:00:00+08:00").stdout
    return str(json.loads(said)["verdict"])


def test_what_is_seconded_within_the_second_of_its_entry_passes_a_check(desk: Svcdesk, keys: Path) -> None:
    desk("staff add --name 'Second Su' --email su@example.org --post desk-admin --department administration")
    desk(f"staff add-key S-A0004 --key {keys}/wang.pub", as_="head", now="2026-11-22T09:01:00+08:00")
    desk("sign S-A0004 second", as_="su", now="2026-11-22T09:01:00+08:00")
    assert desk("check", now="2026-11-22T09:02:00+08:00").stderr == "svcdesk: no findings\n"
    assert verified(desk) == "consistent"


def test_a_compromise_says_that_it_waits(desk: Svcdesk, keys: Path) -> None:
    desk(f"staff add-key S-A0004 --key {keys}/wang.pub", as_="head")
    desk("staff add --name 'Second Su' --email su@example.org --post desk-admin --department administration")
    tell = f"staff compromise-key S-A0004 --key {keys}/wang.pub --reason stolen --since"
    now = "2026-11-22T09:01:00+08:00"
    waits = "is in doubt once a desk-admin other than S-A0001 seconds that: svcdesk sign S-A0004 second"
    assert waits in desk(f"{tell} HEAD", now=now).stderr
    assert ("S-A0004", "second", "") in due(desk)
    assert due(desk, "--for me") == []
    desk(f"{tell} HEAD~2", as_="su")
    assert "a-key-held-is-ended" in desk(f"{tell} HEAD~3", 4).stderr, "that is the same commit"
    desk("sign S-A0004 second", now="2026-11-22T09:02:00+08:00")
    assert due(desk, "--for me") == []


def test_setup_does_not_take_a_colleagues_key(signing: Svcdesk, keys: Path) -> None:
    git(signing.cwd, "config", "--unset", "user.signingkey")
    said = signing(f"whoami --setup {keys}/wang", 4, as_="clerk").stderr
    assert "is also that of S-A0004" in said
    assert "user.signingkey" not in git(signing.cwd, "config", "--list")


def due(desk: Svcdesk, options: str = "", as_: str = "admin") -> list[tuple[str, str, str]]:
    listed = json.loads(desk(f"due --format json {options}", as_=as_).stdout)
    assert all(each["due"] is None and each["late_s"] == 0 for each in listed)
    return [(each["record"], each["deadline"], each["person"]) for each in listed]


def test_a_line_that_is_waited_for_is_due(desk: Svcdesk) -> None:
    loan = "KL2611-A0001"
    assert due(desk) == [(loan, "approver", ""), (loan, "borrower", "S-A0003")]
    assert due(desk, "--for me", "head") == [(loan, "approver", "S-A0004")]
    assert due(desk, "--for me", "engineer") == [(loan, "borrower", "S-A0003")]
    assert due(desk, "--for me", "clerk") == []
    assert f"{loan}  approver signs; issue waits for it  CS13-4.1#1" in desk("due").stdout
    desk("key loan approve A0001", as_="head")
    assert due(desk) == [(loan, "borrower", "S-A0003")]
    desk(f"key loan issue A0001 {HANDED}", as_="clerk")
    assert due(desk) == []


def test_a_line_signed_too_weakly_is_due_for_its_signer(signing: Svcdesk) -> None:
    ask_for_signatures(signing)
    with without_key(signing):
        signing("key loan approve A0001", as_="head")
    assert ("KL2611-A0001", "approver", "S-A0004") in due(signing)
    assert due(signing, "--for me", "head") == [("KL2611-A0001", "approver", "S-A0004")]
    assert due(signing, "--for me", "manager") == []
    signing("sign KL2611-A0001 approver", as_="head")
    assert due(signing, "--for me", "head") == []


def test_an_attested_line_is_due_where_the_policy_asks_for_more(desk: Svcdesk) -> None:
    ask_for_signatures(desk, 'policy set signing.least \'{"key-loan.borrower": "identified"}\'')
    desk("key loan approve A0001 --as borrower=S-A0003", as_="head")
    assert due(desk) == [("KL2611-A0001", "borrower", "S-A0003")]
    refused = desk("key loan issue A0001", 4, as_="clerk").stderr
    assert "borrower: S-A0003 signed, but issue needs it by his own act" in refused
    desk("sign KL2611-A0001 borrower", as_="engineer")
    desk("key loan issue A0001", as_="clerk")
    assert desk("check").stderr == "svcdesk: no findings\n"


def test_a_merge_is_signed_too_and_signatures_in_it_stand(clones: Clones, keys: Path) -> None:
    here, there = clones["A"], clones["B"]
    here(f"whoami --setup {keys}/li")
    there(f"whoami --setup {keys}/wang", as_="head")
    clones.sync("B")
    ask_for_signatures(here)
    clones.sync("A", "B")
    there("key loan approve A0001", as_="head", now="2026-11-22T09:10:00+08:00")
    here(REQUEST, as_="clerk", now="2026-11-22T09:11:00+08:00")
    clones.sync("B", "A", now="2026-11-22T09:20:00+08:00")
    assert len(tip(here).parents) == 2
    assert signer(here, keys / "li") is not None
    here(f"key loan issue KL2611-A0001 {HANDED}", as_="clerk")
    assert here("check").stderr == "svcdesk: no findings\n"
    assert here("audit verify").exit_code == 0


def test_nobody_joins_without_his_key_where_all_sign(clones: Clones, keys: Path) -> None:
    here, there = clones["A"], clones["B"]
    here(f"whoami --setup {keys}/li")
    there(f"whoami --setup {keys}/wang", as_="head")
    clones.sync("B", "A")
    number = here('policy set signing.least \'{"*": "signed"}\'').stdout.split()[0]
    here(f"policy approve {number}")
    clones.sync("A", "B")
    there("key loan approve A0001", as_="head", now="2026-11-22T09:10:00+08:00")
    here("staff change S-A0001 --phone 111", now="2026-11-22T09:11:00+08:00")
    clones.sync("B", now="2026-11-22T09:20:00+08:00")
    git(here.cwd, "config", "commit.gpgsign", "false")
    assert "S-A0001 has to sign the joining" in here("sync", 4, now="2026-11-22T09:21:00+08:00").stderr
    git(here.cwd, "config", "commit.gpgsign", "true")
    clones.sync("A", now="2026-11-22T09:22:00+08:00")
    assert len(tip(here).parents) == 2
    assert here("audit verify").exit_code == 0
