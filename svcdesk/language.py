"""The language that people read: gettext catalogues, chosen once for the process."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from svcdesk.errors import BadInput
from svcdesk.escape import safe
from svcdesk.model import NAMED
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.sealed import hidden

if TYPE_CHECKING:
    from svcdesk.schema import Field

ENGLISH = "en"
CHINESE = "zh_CN"
DOMAIN = "svcdesk"
FOLDER = Path(__file__).parent / "locale"

COUNTED = re.compile(r"\{(\w+)\} (?:act|commit|day|error|file|key|minute|record|row|time|warning)s\b")
"""What is counted in English sentences, with the figure before it."""

_COLUMNS = {
    "id": text("id"),
    "state": text("state"),
    "record": text("record"),
    "register": text("register"),
    "title": text("title"),
    "action": text("action"),
    "at": text("time"),
    "entered": text("entered"),
    "by": text("by"),
    "reason": text("reason"),
    "signed": text("signed"),
    "line": text("signature line"),
    "deadline": text("deadline"),
    "due": text("due"),
    "late_s": text("seconds late"),
    "person": text("person"),
    "rank": text("rank"),
    "from": text("from"),
    "until": text("until"),
    "clause": text("clause"),
    "clauses": text("clauses"),
    "rule": text("rule"),
    "severity": text("severity"),
    "message": text("message"),
    "file": text("file"),
    "commit": text("commit"),
    "verdict": text("verdict"),
}
"""Headings of the columns that no schema declares."""

_language = ENGLISH


def choose(option: str | None, environment: Mapping[str, str]) -> None:
    """Set the language of the process: `--lang` if given, else LC_ALL, LC_MESSAGES, LANG.

    Raises BadInput for an option that names neither English nor Chinese.
    """
    global _language  # noqa: PLW0603  (one language for the whole process)
    if option:
        _language = _named(option)
    else:
        names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        _language = CHINESE if _is_chinese(next(filter(None, names), "")) else ENGLISH
    _teach_click()


def _is_chinese(name: str) -> bool:
    return name.replace("-", "_").split(".")[0].split("_")[0].lower() == "zh"


def _named(option: str) -> str:
    if _is_chinese(option):
        return CHINESE
    if option.replace("-", "_").split(".")[0].split("_")[0].lower() == ENGLISH:
        return ENGLISH
    raise BadInput(text("no such language: {language}; there are en and zh_CN", language=option))


def _teach_click() -> None:
    """Click asks the process's own gettext domain, which in turn reads LANGUAGE."""
    if _language == CHINESE:
        os.environ["LANGUAGE"] = CHINESE
        gettext.bindtextdomain(DOMAIN, str(FOLDER))
        gettext.textdomain(DOMAIN)
    else:
        gettext.textdomain("messages")


def chosen() -> str:
    """Return the language in force: `en` or `zh_CN`."""
    return _language


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def lookup(message: str, context: str = "") -> str:
    """Return the translation of a message, the one for this context first; nothing is filled in."""
    if not message or _language == ENGLISH:
        return message
    catalogue = _catalogue(_language)
    if context:
        special = catalogue.pgettext(context, message)
        if special != message:
            return special
    return catalogue.gettext(message)


def _(template: str, /, **values: object) -> str:
    """Translate a template and fill it in."""
    return say(Text(template, values))


def say(message: Text) -> str:
    """Translate a sentence and fill it in; text from records is escaped, lists are joined."""
    values = {name: _shown(value) for name, value in message.values.items()}
    return _agreeing(lookup(message.template), values).format(**values)


def _agreeing(template: str, values: Mapping[str, object]) -> str:
    """Return a template with what is counted in the singular where there is one; Chinese has no plural."""
    return COUNTED.sub(lambda found: found[0][:-1] if values.get(found[1]) == 1 else found[0], template)


def _shown(value: object) -> object:
    if isinstance(value, Text):
        return say(value)
    if isinstance(value, Term):
        return _term(value)
    if isinstance(value, Terms):
        more = len(value) - NAMED
        rest = [say(text("{count} more", count=more))] if more > 0 else []
        return " | ".join([*(_term(each) for each in value[:NAMED]), *rest])
    if isinstance(value, str):
        return safe(hidden(value, _("(sealed)")))
    if isinstance(value, (tuple, list)):
        return lookup(", ").join(str(_shown(each)) for each in value)
    return value


def _term(term: Term) -> str:
    """Return a word as people call it; actions keep what is typed beside it."""
    if _language == ENGLISH:
        return safe(term.name)
    if term.kind == "state":
        return label(term.register, "state", term.name)
    if term.kind == "field":
        return heading(term.register, term.title or term.name)
    if term.kind == "value":
        return label(term.register, term.title, term.name)
    if term.kind == "action":
        called = safe(short_title(term.title)) or safe(term.name)
        return lookup("{action} ({name})").format(action=called, name=safe(term.name))
    return safe(lookup(term.title)).rstrip("。") or safe(term.name)


def short_title(title: str) -> str:
    """Return what an action is called in a sentence: its title up to the first semicolon, in the language in force."""
    return lookup(title).partition("；")[0].partition(";")[0].rstrip(".。")


def _field(register: str, path: str) -> Field | None:
    """Find a field by its dotted path: `lines.mark` is the `mark` of each of the `lines`."""
    from svcdesk import schema

    found: Field | None = None
    fields: Mapping[str, Field] | None = schema.fields(register)
    for name in path.split("."):
        found = fields.get(name) if fields else None
        fields = found.items if found else None
    return found


def label(register: str, field: str, value: object) -> str:
    """Return what people call a value of an enum field, such as a state."""
    found = _field(register, field)
    english = found.labels.get(str(value), str(value) if value in found.words else "") if found else ""
    return lookup(english, f"{register}.{field}") if english else safe(hidden(str(value), _("(sealed)")))


def heading(register: str, field: str) -> str:
    """Return the heading of a column, a prompt or a form's line."""
    found = _field(register, field) if register else None
    if found and found.title:
        return lookup(found.title, f"{register}.{field}")
    return say(_COLUMNS[field]) if field in _COLUMNS else safe(field)


def description(register: str, field: str) -> str:
    """Return the sentence that help and forms give with a field."""
    found = _field(register, field)
    return lookup(found.description, f"{register}.{field}") if found else ""
