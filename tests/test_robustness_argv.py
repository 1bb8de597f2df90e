"""Random command lines: every one ends in a known exit code and a sentence, and nothing is damaged."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk.commands.root import root
from svcdesk.errors import Exit
from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import desk as desk
from tests.desks import git

KNOWN = {*map(int, Exit)} - {Exit.INTERNAL}


def _walk(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below a group, and the group, with the words that lead there."""
    context = click.Context(group)
    yield path, group
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from _walk(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = {path: command for path, command in _walk(root) if path[:1] not in (("init",), ("demo",))}
"""All but those that write outside the desk."""
WORDS = st.sampled_from(
    (
        *("A0001", "KL2611-A0001", "K-A0001", "S-A0003", "S-A0099", "records", "..", "/", "-", "--", "-1"),
        *("0", "+4h", "2026-11-22 18:00", "yes", "json", "x=1", "state=issued", "due.before=2026-12-01"),
        *("borrower=S-A0003", "permit=1@/dev/null", "a,b", "钥匙", "\x1b[2J", "\u202e", "\udcff", "\0"),
    )
) | st.text(max_size=12)


def _options(command: click.Command) -> list[str]:
    return [name for each in command.params for name in (*each.opts, *each.secondary_opts) if name[0] == "-"]


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Give a command with options of its own and values of every kind."""
    path = draw(st.sampled_from(sorted(COMMANDS)))
    found = list(path)
    for option in draw(st.lists(st.sampled_from([*_options(COMMANDS[path]), ""]), max_size=5)):
        found += [option, draw(WORDS)] if option else [draw(WORDS)]
    return [*draw(st.sampled_from([[], ["--lang", "zh_CN"], ["--quiet"]])), *found]


@pytest.fixture
def tried(desk: Svcdesk) -> Svcdesk:
    """The desk that all examples are tried on, one after the other."""
    return desk


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines(), person=st.sampled_from(["clerk", "head", "admin", "nobody"]))
def test_no_command_line_ends_in_a_traceback(tried: Svcdesk, line: list[str], person: str) -> None:
    environment = {"SVCDESK_NOW": tried.now, **identity(person, tried.cwd)}
    result = tried.start(line, tried.cwd, environment, "")
    assert result.exit_code in KNOWN, (line, result)
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stdout + result.stderr
    if result.exit_code not in (Exit.DONE, Exit.FINDINGS):
        assert result.stderr.strip() or result.stdout.strip()
    assert git(tried.cwd, "status", "--porcelain") == ""


def test_the_desk_is_sound_after_every_command_without_arguments(desk: Svcdesk) -> None:
    for path in COMMANDS:
        environment = {"SVCDESK_NOW": desk.now, **identity("clerk", desk.cwd)}
        result = desk.start(list(path), desk.cwd, environment, "")
        assert result.exit_code in KNOWN, (path, result)
    assert desk("check").stderr == "svcdesk: no findings\n"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_help_is_there_and_fits_a_screen(desk: Svcdesk, language: str) -> None:
    for path in COMMANDS:
        result = desk(["--lang", language, *path, "--help"])
        assert len(result.stdout.splitlines()) <= 45, path
        assert result.stderr == ""


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_no_two_options_of_a_command_are_alike(path: tuple[str, ...]) -> None:
    options = _options(COMMANDS[path])
    assert len(set(options)) == len(options)
    names = [each.name for each in COMMANDS[path].params]
    assert len(set(names)) == len(names)
