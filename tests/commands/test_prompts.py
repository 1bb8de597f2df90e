"""Questions at the terminal: a wrong answer is told what is wrong with it, and asked again."""

from __future__ import annotations

import os
import pty
import sys
from pathlib import Path

from tests.conftest import Svcdesk


def answered(desk: Svcdesk, line: list[str], answers: str) -> tuple[int, str]:
    """Run svcdesk at a terminal of its own with these answers; return its exit code and all that it said."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(desk.cwd)
        os.environ.update(
            SVCDESK_NOW=desk.now, GIT_AUTHOR_NAME="admin", GIT_AUTHOR_EMAIL="admin@example.org", COLUMNS="200"
        )
        script = str(Path(sys.executable).with_name("svcdesk"))
        os.execv(script, [script, *line])
    os.write(terminal, answers.encode())
    said = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


def test_a_wrong_answer_is_asked_again(svcdesk: Svcdesk) -> None:
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "desk"
    svcdesk("key add --name Roof --category machine-room --department engineering --hook 1")
    code, said = answered(
        svcdesk,
        ["key", "loan", "request", "--key", "roof"],
        "Nobody\nS-A0099\nadmin@example.org\npump\nnoonish\n+4h\n",
    )
    assert code == 0, said
    assert "Error: there is no staff Nobody" in said
    assert "Error: there is no staff S-A0099" in said
    assert "Due (such as 18:00, +4h or 2026-11-22 18:00)" in said
    assert said.count("Due (") == 2
    code, said = answered(svcdesk, ["key", "loan", "withdraw"], "A0009\nA0001\n")
    assert code == 0, said
    assert "there is no key-loan A0009" in said
