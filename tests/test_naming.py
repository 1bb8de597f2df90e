"""Records named in a command as people call them: by id, its end, name, code or e-mail address."""

from __future__ import annotations

import pytest

from tests.conftest import Svcdesk


@pytest.fixture
def desk(svcdesk: Svcdesk) -> Svcdesk:
    """A desk with two people and three keys, two of one name."""
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "desk"
    for name, email in (("Eng Li", "li"), ("Chen", "chen")):
        svcdesk(
            f"staff add --name '{name}' --email {email}@example.org --post engineering-staff --department engineering"
        )
    for hook, name in enumerate(("B1 pump room", "Store", "store"), 1):
        svcdesk(f"key add --name '{name}' --category machine-room --department engineering --hook {hook}")
    return svcdesk


@pytest.mark.parametrize("name", ["B1 pump room", "b1 PUMP room", "K-A0001", "k-a0001"])
def test_a_key_is_named_as_people_call_it(desk: Svcdesk, name: str) -> None:
    assert desk(["key", "show", name]).stdout.startswith("K-A0001 ")


def test_fields_take_names(desk: Svcdesk) -> None:
    desk("key loan request --key 'b1 pump room' --borrower 'Eng Li' --purpose pump --due +4h")
    assert "K-A0001 B1 pump room" in desk("key loan show A0001").stdout
    assert "S-A0002 Eng Li" in desk("key loan show A0001").stdout
    assert "KL2611-A0001" in desk("key loan list --where borrower=li@example.org").stdout
    assert desk("due --for chen --format csv").stdout.count("\n") == 1


def test_a_department_is_named_by_its_code(desk: Svcdesk) -> None:
    assert "D-A0002" in desk("department show engineering").stdout


def test_a_name_of_several_is_not_guessed(desk: Svcdesk) -> None:
    assert "Store matches 2 records: K-A0002 active, K-A0003 active" in desk("key show Store", 2).stderr


def test_what_is_called_nearly_so_is_told(desk: Svcdesk) -> None:
    said = desk("key show 'B1 pump'", 3).stderr
    assert (
        said
        == "svcdesk: there is no key B1 pump; near it: K-A0001 B1 pump room; svcdesk key list shows them\n"
    )
    said = desk("key show Zzyzx!", 3).stderr
    assert said == "svcdesk: there is no key Zzyzx!; svcdesk key list shows them\n"


def test_a_post_and_a_department_that_are_nearly_right(desk: Svcdesk) -> None:
    said = desk("staff add --name X --post engineering-stuff --department enginering", 4).stderr
    assert "there is no post engineering-stuff; near it: engineering-staff; svcdesk policy show posts" in said
    assert "there is no department enginering; near it: engineering; svcdesk department list" in said


def test_a_line_of_a_table_names_values_by_code_or_by_label(desk: Svcdesk) -> None:
    desk("staff add --name Mo --email mo@example.org --post cs-manager --department customer-service")
    desk("evaluation open --person S-A0004 --period 2026-11", as_="mo", now="2026-11-22T10:00:00+08:00")
    words = ("task-completion", "Task completion", "工作任务完成率")
    for language, word in zip(("en", "en", "zh_CN"), words, strict=True):
        row = f"indicator={word},score=70"
        score = ["--lang", language, "evaluation", "score", "A0001", "--self", "score=80", "--self", row]
        desk(score, as_="mo")
        (sheet,) = desk.cwd.glob("records/evaluation/*/*/*.yaml")
        assert "indicator: task-completion\n    score: 70\n" in sheet.read_text("utf-8")
    said = desk("evaluation score A0001 --self indicator=moon,score=1", 4, as_="mo").stderr
    assert "moon is none of" in said


def test_a_choice_is_made_by_code_or_by_label(desk: Svcdesk) -> None:
    for hook, word in enumerate(("vacant-unit", "Vacant unit", "VACANT UNIT"), 10):
        desk(
            ["key", "add", "--name", "U", "--category", word, "--department", "leasing", "--hook", str(hook)]
        )
    chinese = [
        "--lang",
        "zh_CN",
        "key",
        "add",
        "--name",
        "U",
        "--category",
        "空置单元",
        "--department",
        "leasing",
    ]
    desk([*chinese, "--hook", "20"])
    assert desk("key list --where category=vacant-unit --format csv").stdout.count("vacant unit") == 4
    assert (
        "is not one of" in desk("key add --name U --category moon --department leasing --hook 30", 2).stderr
    )
