"""The README told true: its session is run, its table of registers is the program's, its exit codes are ours."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from svcdesk.errors import Exit
from svcdesk.registers import REGISTERS
from tests.conftest import Svcdesk

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SESSION = re.search(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
WORDS = {"cd", "export", "svcdesk"}


def told() -> list[tuple[str, str]]:
    """Return each command of the session with what it answers."""
    assert SESSION is not None
    parts = re.split(r"^\$ (.*)\n", SESSION[1], flags=re.MULTILINE)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2], strict=True))


def test_the_session_goes_as_the_readme_says(svcdesk: Svcdesk, tmp_path: Path) -> None:
    folder, variables, seen = tmp_path, dict[str, str](), []
    for line, answer in told():
        command, *rest = shlex.split(line)
        said = ""
        if command == "cd":
            folder = folder / rest[0]
        elif command == "export":
            variables |= dict(each.split("=", 1) for each in rest)
        else:
            result = svcdesk.start(rest, folder, {"SVCDESK_NOW": svcdesk.now, **variables}, "")
            said = result.stdout + result.stderr
        assert command in WORDS
        assert said == answer, line
        seen.append(command)
    assert seen.count("svcdesk") >= 8


AREAS = tuple(dict.fromkeys(each.area for each in REGISTERS.values()))


def row(area: str) -> str:
    """Return an area's line of the table: its own register, then its books by the word that names them."""
    registers = sorted((each for each in REGISTERS.values() if each.area == area), key=lambda each: each.book)
    named = (f"`{each.book}` {each.title} {each.prefix}".removeprefix("`` ") for each in registers)
    return f"| `svcdesk {area}` | {'; '.join(named)} |"


def test_the_table_is_that_of_the_registers() -> None:
    rows = re.findall(r"^\| `svcdesk .*$", README, re.MULTILINE)
    assert rows == [row(area) for area in AREAS]


@pytest.mark.parametrize("code", Exit)
def test_every_exit_code_is_explained(code: Exit) -> None:
    explained = README.partition("## Exit codes")[2].partition("##")[0]
    assert re.search(rf"(^|; |;\n){int(code)} [a-z]", explained, re.MULTILINE)


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 130
