"""What helps and prompts say is to be typed, and what is said to a command that there is not."""

from __future__ import annotations

import pytest

from svcdesk import schema
from svcdesk.commands.hints import hint
from svcdesk.commands.hints import is_cut
from svcdesk.commands.hints import placeholder
from tests.commands.test_prompts import answered
from tests.conftest import Svcdesk


@pytest.mark.parametrize(
    ("register", "name", "shown", "hinted"),
    [
        ("evaluation", "period", "2026-11|2026-Q4|2026", "such as 2026-11, 2026-Q4, 2026"),
        ("evaluation", "person", "NAME|ID", "name or id"),
        ("duty-incident", "log", "DUTY-LOG-ID", "id, or its end"),
        ("hazmat-draw", "quantity", "NUMBER", "a whole number"),
        ("key-loan", "due", "TIME", "such as 18:00, +4h or 2026-11-22 18:00"),
        ("key-loan", "purpose", "TEXT", ""),
        ("hazmat-material", "lots", "TEXT", "lot=…,expires=…,opened=…"),
        ("hazmat-material", "controlled", "TEXT", "yes or no"),
    ],
)
def test_a_placeholder_and_a_prompt_say_what_to_type(register: str, name: str, shown: str, hinted: str) -> None:
    field = schema.fields(register)[name]
    assert (placeholder(field), hint(field)) == (shown, hinted)


def test_many_choices_are_cut_in_the_placeholder_and_listed_in_the_help(svcdesk: Svcdesk) -> None:
    classes = schema.fields("hazmat-material")["ghs"]
    assert is_cut(classes)
    assert placeholder(classes).endswith("|…")
    shown = "".join(svcdesk("hazmat material add --help").stdout.split())
    assert "--ghs" + placeholder(classes) in shown
    assert ",".join(classes.enum) + "." in shown
    assert not is_cut(schema.fields("key-loan")["due"])


def test_an_answer_that_does_not_fit_the_field_is_asked_again(svcdesk: Svcdesk) -> None:
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "desk"
    svcdesk("staff add --name Mo --email mo@example.org --post cs-manager --department customer-service")
    svcdesk.now = "2026-11-22T10:00:00+08:00"
    code, said = answered(
        svcdesk, ["evaluation", "open", "--person", "Mo", "--dry-run"], "2026-13\n2026-11\n"
    )
    assert code == 0, said
    assert said.count("Period (such as 2026-11, 2026-Q4, 2026)") == 2
    assert "text such as 2026-11, 2026-Q4, 2026 is needed" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("evaluaton list", "there is no command evaluaton; did you mean evaluation?"),
        ("key loan isue", "there is no command isue; did you mean issue?"),
        ("key laon", "there is no command laon; did you mean loan?"),
        ("--lang zh key loan isue", "没有命令 isue；是否要用 issue？"),
        ("zzyzx", "No such command 'zzyzx'"),
        ("key --nothing", "No such option"),
    ],
)
def test_a_command_that_there_is_not_is_answered_by_what_was_probably_meant(
    svcdesk: Svcdesk, line: str, says: str
) -> None:
    assert says in svcdesk(line, 2).stderr
