"""The language that people read, and a Chinese catalogue that is complete."""

from __future__ import annotations

import ast
import gettext
import io
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from svcdesk import language
from svcdesk.commands.guessing import translated
from svcdesk.commands.root import root
from svcdesk.errors import BadInput
from svcdesk.language import _
from svcdesk.locale import catalogue
from svcdesk.locale.catalogue import Entry
from svcdesk.locale.catalogue import Message
from svcdesk.model import Term
from svcdesk.model import text
from svcdesk.registers import REGISTERS


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English before and after each test: the language is one for the process."""
    language.choose("en", {})
    yield
    language.choose("en", {})


@pytest.mark.parametrize("option", ["zh", "zh_CN", "zh-CN", "zh_CN.UTF-8", "ZH_cn"])
def test_chinese_goes_by_several_names(option: str) -> None:
    language.choose(option, {"LC_ALL": "en_GB.UTF-8"})
    assert language.chosen() == "zh_CN"


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh_CN"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_environment_decides_where_no_option_does(environment: dict[str, str], chosen: str) -> None:
    language.choose(None, environment)
    assert language.chosen() == chosen


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(BadInput, match="no such language: fr; there are en and zh_CN"):
        language.choose("fr", {})


def test_sentences_are_translated_and_filled_in() -> None:
    message = text("{field}: {record} is void", field="key", record="K-A0001\x1b[2J")
    assert language.say(message) == "key: K-A0001\\x1b[2J is void"
    language.choose("zh", {})
    assert language.say(message) == "key：K-A0001\\x1b[2J 已作废"


def test_values_that_are_sentences_or_lists_are_translated_too() -> None:
    language.choose("zh", {})
    needed = [text("rank {rank} or above: {posts}", rank=70, posts="x"), "desk-admin"]
    assert (
        _("{action} needs {field}", action="issue", field=needed) == "issue须填写 职级 70 及以上（x）、desk-admin"
    )


def test_one_is_not_said_in_the_plural() -> None:
    words = text("{errors} errors, {warnings} warnings", errors=1, warnings=0)
    assert language.say(words) == "1 error, 0 warnings"
    assert language.say(words._replace(values={"errors": 11, "warnings": 1})) == "11 errors, 1 warning"
    language.choose("zh", {})
    assert language.say(words) == "错误 1 项，提醒 0 项"


def test_braces_in_values_are_only_text() -> None:
    assert _("{action} needs {field}", action="{field.__class__}", field="{}") == "{field.__class__} needs {}"


def test_what_has_no_translation_is_said_in_english() -> None:
    language.choose("zh", {})
    assert language.lookup("no catalogue holds this") == "no catalogue holds this"
    assert language.lookup("") == ""


def test_headings_of_columns_that_no_schema_declares() -> None:
    assert language.heading("", "late_s") == "seconds late"
    language.choose("zh", {})
    assert language.heading("", "clause") == "条款"
    assert language.heading("", "unknown\x1b") == "unknown\\x1b"


def test_a_value_is_called_by_the_label_of_its_field() -> None:
    message = text(
        "no score for {missing}", missing=(Term("teamwork", "value", "notes.indicator", "evaluation"),)
    )
    assert language.say(message) == "no score for teamwork"
    language.choose("zh", {})
    assert language.say(message) == "这些指标没有分数：团队合作精神"


def test_labels_and_headings_come_from_the_schema() -> None:
    assert language.label("key-loan", "state", "issued") == "issued"
    assert language.heading("key-loan", "borrower") == "Borrower"
    assert language.description("key-loan", "key") == "Which key is lent."
    assert language.label("key-loan", "state", "\x1b") == "\\x1b"
    assert language.heading("key-loan", "id") == "id"
    language.choose("zh", {})
    assert language.label("key-loan", "state", "issued") == "已借出"
    assert language.heading("key-loan", "id") == "编号"


def test_a_word_of_two_meanings_is_said_by_the_one_that_is_meant() -> None:
    language.choose("zh", {})
    assert language.label("handover", "state", "counted") == "已清点"
    assert language.lookup("counted") == "计时"
    assert (language.heading("hazmat-material", "unit"), language.heading("customer", "unit")) == ("单位", "单元")


def test_an_action_is_called_in_a_sentence_by_its_title_up_to_the_first_semicolon() -> None:
    issue = REGISTERS["hazmat-use"].action("issue")
    count = REGISTERS["handover"].action("count")
    assert issue is not None
    assert count is not None
    assert language.short_title(count.title) == "Enter what was counted"
    language.choose("zh", {})
    needed = text("{action} needs {field}", action=issue.term, field="x")
    assert language.say(needed) == "亲自发放危险品（issue）须填写 x"
    assert language.short_title(count.title) == "填写清点数量"


def test_every_action_has_a_short_chinese_name_that_a_sentence_can_take() -> None:
    language.choose("zh", {})
    actions = [action for register in REGISTERS.values() for action in register.actions if not action.by_merge]
    called = [language.short_title(action.title) for action in actions]
    assert [each for each in called if "，" in each or each.startswith(("由", "经")) or len(each) > 20] == []


def commands(context: click.Context) -> Iterator[click.Context]:
    """Every command below one, with the line that names it."""
    yield context
    group = context.command
    for name in group.list_commands(context) if isinstance(group, click.Group) else ():
        command = group.get_command(context, name)
        assert command is not None, name
        yield from commands(click.Context(command, context, name))


def test_the_help_of_every_command_is_chinese() -> None:
    language.choose("zh", {})
    english = []
    for context in commands(click.Context(translated(root), info_name="svcdesk")):
        options = [each for each in context.command.params if isinstance(each, click.Option)]
        helps = [context.command.help, *(each.help for each in options)]
        english += [f"{context.command_path}: {each}" for each in helps if each and each.isascii()]
    assert english == []


def test_click_speaks_the_same_language() -> None:
    language.choose("zh", {})
    assert gettext.gettext("Usage:") == "用法:"
    language.choose("en", {})
    assert gettext.gettext("Usage:") == "Usage:"


def test_english_loads_no_catalogue() -> None:
    script = (
        "from svcdesk import language; language.choose('en', {}); language._('id'); language._catalogue('en')"
    )
    loaded = (
        f"{script}; import sys; assert not {{'babel', 'yaml', 'jsonschema', 'struct'}} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-S", "-c", loaded], check=True, cwd=catalogue.PACKAGE.parent)


def test_the_chinese_is_complete_and_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = catalogue.main(["--check"])
    assert (exit_code, capsys.readouterr().out) == (0, "")


def test_what_is_missing_is_printed_as_a_po_fragment(capsys: pytest.CaptureFixture[str]) -> None:
    missing = catalogue.missing(catalogue.collect(), catalogue.translations())
    assert (catalogue.main(["--missing"]), capsys.readouterr().out) == (0, catalogue.fragment(missing))


def test_the_compiled_catalogue_reads_back_and_is_always_the_same() -> None:
    entries = [Entry("b", "", "乙", "x"), Entry("a\0as", "", "甲", "x"), Entry("b", "key.state", "丙", "x")]
    blob = catalogue.compiled(entries)
    read = gettext.GNUTranslations(io.BytesIO(blob))
    assert (read.gettext("b"), read.pgettext("key.state", "b"), read.ngettext("a", "as", 2)) == (
        "乙",
        "丙",
        "甲",
    )
    assert catalogue.compiled(reversed(entries)) == blob


def test_the_catalogue_knows_what_is_missing_obsolete_contradictory_and_misfilled() -> None:
    messages = [Message("a {x}", "m.py"), Message("b", "m.py"), Message("c", "s.json", "key.state")]
    entries = [
        Entry("a {x}", "", "甲 {y}", "one"),
        Entry("a {x}", "", "甲 {x}", "two"),
        Entry("c", "key.state", "丙", "one"),
        Entry("d", "", "丁", "one"),
        Entry("e", "", "戊", "click"),
    ]
    assert catalogue.problems(messages, entries) == [
        "m.py: no translation: b",
        "one.po: other placeholders in the translation: a {x}",
        "two.po: one.po translates it otherwise: a {x}",
        "one.po: obsolete: d",
    ]
    assert catalogue.fragment(catalogue.missing(messages, entries)) == '#: m.py\nmsgid "b"\nmsgstr ""\n'


def test_no_template_is_filled_in_before_it_is_translated() -> None:
    for file in catalogue.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in catalogue.MARKS:
                assert not isinstance(node.args[0], ast.JoinedStr), f"{file.name}:{node.lineno}: an f-string"


def test_messages_of_every_kind_are_collected() -> None:
    found = {(each.id, each.context) for each in catalogue.collect()}
    assert ("no such language: {language}; there are en and zh_CN", "") in found
    assert ("Hand the key out.", "") in found
    assert ("A key is with one holder at any instant.", "") in found
    assert ("issued", "key-loan.state") in found
    assert ("Longest time for which a key is lent, in minutes.", "") in found
