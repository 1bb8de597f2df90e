"""The server's hook, tried with plain git: honest pushes pass, anything else leaves the server as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from svcdesk import VERSION
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.desks import git
from tests.forging import CLERK
from tests.forging import HEAD
from tests.forging import Forger
from tests.test_verify_review import set_policy

LOAN = "KL2611-A0001"
NOW = "2026-11-22T09:10:00+08:00"
APPROVED = [{"line": "approver", "staff": "S-A0004"}]
EVENING = "2026-11-22T18:00:00+08:00"


@pytest.fixture
def server(desk: Svcdesk, tmp_path: Path) -> Path:
    """A bare repository that judges, to which the desk has been pushed."""
    desk(f"hook install {tmp_path / 'desk.git'}")
    assert push(desk.cwd, tmp_path / "desk.git", "main").returncode == 0
    return tmp_path / "desk.git"


def push(folder: Path, server: Path, *refs: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "push", str(server), *refs]
    environment = {**os.environ, "SVCDESK_NOW": EVENING}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def tip(folder: Path) -> str:
    command = ["git", f"--git-dir={folder}", "for-each-ref", "--format=%(refname) %(objectname)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def refused(folder: Path, server: Path, *refs: str) -> str:
    """Push, hold that the server stays as it was, and return what was said."""
    before = tip(server)
    said = push(folder, server, *refs)
    assert said.returncode != 0, said.stderr
    assert tip(server) == before
    assert "Traceback" not in said.stderr
    return said.stderr


def test_honest_acts_are_accepted(desk: Svcdesk, server: Path) -> None:
    desk(f"key loan approve {LOAN}", as_="head")
    desk(f"key loan issue {LOAN} --as borrower=S-A0003", as_="clerk")
    said = push(desk.cwd, server, "main")
    assert said.returncode == 0, said.stderr
    assert "2 commits judged and accepted" in said.stderr
    assert tip(server).split()[1] == Forger(desk.cwd).tip


def test_a_clone_of_a_server_that_began_on_another_branch_has_files(desk: Svcdesk, tmp_path: Path) -> None:
    server, clone = tmp_path / "desk.git", tmp_path / "clone"
    git(tmp_path, "init", "-q", "--bare", "--initial-branch=master", str(server))
    git(desk.cwd, "push", "-q", str(server), "main")
    git(tmp_path, "clone", "-q", str(server), str(clone))
    assert "git switch main brings them" in desk("key list", 7, cwd=clone).stderr
    desk(f"hook install {server}")
    git(tmp_path, "clone", "-q", str(server), "again")
    desk("key list", cwd=tmp_path / "again")


def test_a_forged_act_is_refused_with_rule_record_and_what_to_do(desk: Svcdesk, server: Path) -> None:
    forger = Forger(desk.cwd)
    forger.publish(
        forger.act(
            forger.step(LOAN, "approve", "S-A0005", NOW, signed=[{"line": "approver", "staff": "S-A0005"}])
        )
    )
    said = refused(desk.cwd, server, "main")
    assert LOAN in said
    assert "(approver-signs)" in said
    assert "do it again with svcdesk" in said


def test_an_honest_act_does_not_carry_a_forged_one_in(desk: Svcdesk, server: Path) -> None:
    forger = Forger(desk.cwd)
    forger.publish(forger.act(forger.step(LOAN, "approve", "S-A0004", NOW, signed=APPROVED), author=HEAD))
    path = "records/key/K-A0001.yaml"
    edited = forger.git("show", f"main:{path}").replace("hook: 14", "hook: 15") + "\n"
    forger.publish(forger.commit(forger.tree({path: edited.encode()}), "mend\n", NOW, author=CLERK))
    refused(desk.cwd, server, "main")


@pytest.mark.parametrize(
    "refs",
    [
        ("main:refs/heads/other",),
        ("main:refs/tags/v1",),
        ("main:refs/replace/0123456789012345678901234567890123456789",),
        ("main:refs/notes/commits",),
        ("main:refs/svcdesk/checkpoints",),
        (":main",),
        ("--force", "main~2:main"),
    ],
)
def test_other_refs_and_lost_history_are_refused(desk: Svcdesk, server: Path, refs: tuple[str, ...]) -> None:
    refused(desk.cwd, server, *refs)


def test_a_rewritten_commit_is_refused_even_where_git_would_let_it(desk: Svcdesk, server: Path) -> None:
    subprocess.run(
        ["git", f"--git-dir={server}", "config", "receive.denyNonFastForwards", "false"], check=True
    )
    forger = Forger(desk.cwd)
    parent = forger.git("rev-parse", "main~1")
    tree = forger.git("rev-parse", "main^{tree}")
    words = forger.git("log", "-1", "--format=%B", "main") + "\n"
    forger.publish(forger.commit(tree, words, "2026-11-22T09:00:01+08:00", parents=[parent]))
    assert "(history-kept)" in refused(desk.cwd, server, "--force", "main")


def test_a_commit_from_the_future_is_refused(desk: Svcdesk, server: Path) -> None:
    forger = Forger(desk.cwd)
    late = "2026-11-22T18:06:00+08:00"
    forger.publish(forger.act(forger.step(LOAN, "approve", "S-A0004", late, signed=APPROVED), author=HEAD))
    assert "(commit-time)" in refused(desk.cwd, server, "main")


def test_what_is_no_desk_is_refused(desk: Svcdesk, tmp_path: Path) -> None:
    desk(f"hook install {tmp_path / 'new.git'}")
    other = tmp_path / "other"
    other.mkdir()
    for line in ("init -q -b main", "commit -q --allow-empty -m x"):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@y.z", *line.split()], cwd=other, check=True
        )
    refused(other, tmp_path / "new.git", "main")


def test_a_folder_with_something_else_in_it_is_no_server(desk: Svcdesk) -> None:
    assert "no bare repository" in desk("hook install .", 2).stderr


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_a_recipe_has_the_released_tool_judge_the_whole_history(svcdesk: Svcdesk, service: str) -> None:
    recipe = svcdesk(f"hook recipe {service}").stdout
    lines = list(steps(yaml.safe_load(recipe)))
    assert f"python -I -m pip install 'svcdesk[sign]=={VERSION}'" in lines
    assert lines[-1] == "svcdesk audit verify"
    assert any(line.startswith("svcdesk check") for line in lines)
    assert "fetch-depth: 0" in recipe or 'GIT_DEPTH: "0"' in recipe


def steps(found: object) -> Iterator[str]:
    """Yield the commands of a pipeline, in order."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name in ("run", "script"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from steps(value)
    elif isinstance(found, list):
        for each in found:
            yield from steps(each)


ACCEPTED = "svcdesk/accepted"


def moved_past(desk: Svcdesk, server: Path, content: str = "\n") -> str:
    """Move the server's main by root's own hand to a commit that no hook has judged, and return it."""
    copy = server.with_name("copy")
    git(server.parent, "clone", "-q", str(server), str(copy))
    forger = Forger(copy)
    bad = forger.publish(forger.commit(forger.tree({".mailmap": content.encode()}), "tidy up\n", NOW))
    git(server, "fetch", "-q", str(copy), "main")
    git(server, "update-ref", "refs/heads/main", bad)
    return bad


def test_what_main_was_moved_past_is_judged_before_the_next_push(desk: Svcdesk, server: Path) -> None:
    bad = moved_past(desk, server)
    git(desk.cwd, "pull", "-q", "--ff-only", str(server), "main")
    desk(f"key loan approve {LOAN}", as_="head", now=EVENING)
    said = refused(desk.cwd, server, "main")
    assert f"{bad[:12]} .mailmap: " in said
    assert "no act changes it; it stands on this server and came by no push" in said
    git(server, "update-ref", "refs/heads/main", "main~1")
    git(desk.cwd, "reset", "-q", "--hard", "main~2")
    desk(f"key loan approve {LOAN}", as_="head")
    assert "svcdesk: 1 commit judged and accepted" in push(desk.cwd, server, "main").stderr


def test_what_main_was_moved_past_is_let_be_by_an_exception(desk: Svcdesk, server: Path) -> None:
    bad = moved_past(desk, server)
    git(desk.cwd, "pull", "-q", "--ff-only", str(server), "main")
    broken = " ".join(f"--broken {each}" for each in ("footprint", "author", "message", "act"))
    desk(f"audit exception propose --commit {bad} {broken} --reason 'by hand'", now=EVENING)
    refused(desk.cwd, server, "main")
    desk("audit exception approve AX-A0001")
    assert "svcdesk: 2 commits judged and accepted" in push(desk.cwd, server, "main").stderr


def test_what_became_suspect_and_was_excepted_before_it_was_sent_is_let_in(desk: Svcdesk, server: Path) -> None:
    set_policy(desk, [], "2026-11-22T10:00:00+08:00")
    desk(f"key loan approve {LOAN}", as_="manager", now="2026-11-22T10:20:00+08:00")
    used = Forger(desk.cwd).tip
    set_policy(desk, ["borrower", "key"], "2026-11-22T11:00:00+08:00")
    desk(f"audit exception propose --commit {used} --broken policy-window --reason 'it was urgent'")
    desk("audit exception approve AX-A0001")
    assert f"{used[:12]}: excepted" in desk("audit verify").stdout
    assert "svcdesk: 7 commits judged and accepted" in push(desk.cwd, server, "main").stderr


@pytest.mark.parametrize("account", ["", "damaged", f"{'1' * 40}\n", None], ids=["cut", "damaged", "lost", "none"])
def test_an_account_that_tells_nothing_costs_a_verification(desk: Svcdesk, server: Path, account: str | None) -> None:
    """As after a crash, and where two pushes were judged at once and the other one came in."""
    kept = server / ACCEPTED
    before = kept.read_text("ascii")
    kept.unlink() if account is None else kept.write_text(account, "ascii")
    desk(f"key loan approve {LOAN}", as_="head")
    assert "svcdesk: 1 commit judged and accepted" in push(desk.cwd, server, "main").stderr
    assert kept.read_text("ascii").split() == [before.strip(), Forger(desk.cwd).tip]


def test_a_server_whose_history_is_bad_is_not_set_up(desk: Svcdesk, tmp_path: Path) -> None:
    good = tmp_path / "good.git"
    git(tmp_path, "clone", "-q", "--bare", str(desk.cwd), "good.git")
    bad = moved_past(desk, good)
    said = desk(f"hook install {good}", 4, now=EVENING).stderr
    assert "is bad; nothing was set up" in said
    assert bad[:12] in said
    assert not (good / "hooks/pre-receive").exists()
    git(good, "update-ref", "refs/heads/main", "main~1")
    desk(f"hook install {good}")
    assert (good / ACCEPTED).read_text("ascii").strip() == git(good, "rev-parse", "main").strip()
