"""Keeps the Chinese complete: collects the messages, reads the .po, compiles the .mo. For developers."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import struct
import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from svcdesk import registers
from svcdesk import schema
from svcdesk.language import CHINESE
from svcdesk.language import DOMAIN
from svcdesk.language import FOLDER
from svcdesk.workflow import COMMON

PACKAGE = FOLDER.parent
SOURCES = FOLDER / CHINESE
COMPILED = SOURCES / "LC_MESSAGES" / f"{DOMAIN}.mo"
FOREIGN = "click"
"""The area whose messages are not ours: click's own words, which differ from version to version."""

MARKS = frozenset({"text", "_", "lookup"})
HELP = frozenset({"help", "short_help", "epilog", "prompt"})
COMMANDS = frozenset({"command", "group"})
RULES = frozenset({"state_rule", "act_rule", "open_rule"})
SETTING = "Setting"
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
MAGIC = 0x950412DE


class Message(NamedTuple):
    """A sentence to translate, where it stands, and the context in which it may mean something else."""

    id: str
    place: str
    context: str = ""


class Entry(NamedTuple):
    """A translation, and the area whose .po file holds it; a plural follows its singular after a NUL."""

    id: str
    context: str
    translation: str
    area: str


def collect() -> list[Message]:
    """Return every message of the program, its registers and its schemas."""
    return [*_sources(), *_registers(), *_schemas()]


def _sources() -> Iterator[Message]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if FOLDER not in file.parents:
            place = file.relative_to(PACKAGE.parent).as_posix()
            for node in ast.walk(ast.parse(file.read_bytes())):
                yield from (Message(each, place) for each in _messages(node) if each)


def _messages(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        if _name(node.func) in MARKS and node.args:
            yield from _literals(node.args[0])
        elif _name(node.func) == SETTING and len(node.args) > 1:
            yield from _literals(node.args[1])
        for keyword in node.keywords:
            if keyword.arg in HELP:
                yield from (inspect.cleandoc(each) for each in _literals(keyword.value))
    elif isinstance(node, ast.FunctionDef):
        made = {_name(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list}
        words = ast.get_docstring(node) or ""
        if made & COMMANDS:
            yield words
        elif made & RULES:
            yield words.partition("\n")[0]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _literals(node: ast.expr) -> Iterator[str]:
    """The strings that an argument may be: itself, or either branch of a conditional."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _registers() -> Iterator[Message]:
    yield from (Message(each.title, "workflow") for each in COMMON)
    for register in registers.REGISTERS.values():
        place = f"register {register.name}"
        yield Message(register.title, place)
        for titled in (register.actions, register.lines, register.reports):
            yield from (Message(each.title, place) for each in titled)
        for claims in (register.deadlines, register.watches, register.rules):
            yield from (Message(each.sentence, place) for each in claims)


def _schemas() -> Iterator[Message]:
    for register in schema.names():
        yield from _described(schema.document(register), register, "")


def _described(node: Mapping[str, Any], register: str, path: str) -> Iterator[Message]:
    """Titles, descriptions and labels of a schema and of the properties below it."""
    place, context = f"schemas/{register}.json", f"{register}.{path}" if path else ""
    words = (
        *(node.get("title"), node.get("description")),
        *(*node.get("x-labels", {}).values(), *node.get("x-words", ())),
    )
    yield from (Message(each, place, context) for each in words if each)
    for name, child in node.get("properties", {}).items():
        yield from _described(child, register, f"{path}.{name}" if path else name)
    if "items" in node:
        yield from _described(node["items"], register, path)


def translations() -> list[Entry]:
    """Return what the .po files of all areas say, the empty and the fuzzy left out."""
    from babel.messages.pofile import read_po

    found: list[Entry] = []
    for file in sorted(SOURCES.glob("*.po")):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=CHINESE, abort_invalid=True)
        for each in catalogue:
            if each.id and not each.fuzzy and (words := _joined(each.string)):
                found.append(Entry(_joined(each.id), each.context or "", words, file.stem))
    return found


def _joined(words: str | Sequence[str] | None) -> str:
    return words if isinstance(words, str) else "\0".join(words or ())


def missing(messages: Iterable[Message], entries: Iterable[Entry]) -> list[Message]:
    """Return the messages that have no translation, neither in their context nor plain."""
    known = {(each.context, each.id) for each in entries}
    return [each for each in messages if not {("", each.id), (each.context, each.id)} & known]


def problems(messages: Sequence[Message], entries: Sequence[Entry]) -> list[str]:
    """Return what is wrong with the catalogue, a line each: missing, obsolete, contradictory, misfilled."""
    found = {f"{each.place}: no translation: {_short(each)}": None for each in missing(messages, entries)}
    wanted = {("", each.id) for each in messages} | {(each.context, each.id) for each in messages}
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        place, key = f"{entry.area}.po", (entry.context, entry.id)
        other = first.setdefault(key, entry)
        if entry.area != FOREIGN and key not in wanted:
            found[f"{place}: obsolete: {_short(entry)}"] = None
        if other.translation != entry.translation:
            found[f"{place}: {other.area}.po translates it otherwise: {_short(entry)}"] = None
        if placeholders(entry.id.rpartition("\0")[2]) != placeholders(entry.translation):
            found[f"{place}: other placeholders in the translation: {_short(entry)}"] = None
    return list(found)


def _short(message: Message | Entry) -> str:
    return message.id.partition("\n")[0]


def placeholders(template: str) -> set[str]:
    """Return the names that a template fills in."""
    return set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}|%\((\w+)\)s", template))


def compiled(entries: Iterable[Entry]) -> bytes:
    """Return the entries as the bytes of a .mo file: sorted, without a date, the same on any machine."""
    table = {(f"{each.context}\x04" if each.context else "") + each.id: each.translation for each in entries}
    pairs = sorted((key.encode(), value.encode()) for key, value in {"": HEADER, **table}.items())
    columns = [[pair[0] for pair in pairs], [pair[1] for pair in pairs]]
    start = 28 + 16 * len(pairs)
    index, body = b"", b""
    for texts in columns:
        for each in texts:
            index += struct.pack("<II", len(each), start + len(body))
            body += each + b"\0"
    return struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start) + index + body


def fragment(messages: Iterable[Message]) -> str:
    """Return messages as the text of a .po file to fill in."""
    from babel.messages.pofile import escape

    places: dict[str, list[str]] = {}
    for each in messages:
        places.setdefault(each.id, []).append(each.place)
    return "\n".join(
        f'#: {" ".join(dict.fromkeys(where))}\nmsgid {escape(name)}\nmsgstr ""\n'
        for name, where in places.items()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Compile the catalogue; return 1 if `--check` finds anything wrong."""
    parser = argparse.ArgumentParser(prog="python -m svcdesk.locale.catalogue", description=__doc__)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything is wrong")
    only.add_argument("--missing", action="store_true", help="print what to translate, as a .po fragment")
    options = parser.parse_args(arguments)
    messages, entries = collect(), translations()
    if options.missing:
        sys.stdout.write(fragment(missing(messages, entries)))
        return 0
    wrong = problems(messages, entries)
    blob = compiled(entries)
    if options.check and (not COMPILED.exists() or COMPILED.read_bytes() != blob):
        wrong.append(f"{COMPILED.name}: not what the .po files give; run make catalogue")
    if not options.check:
        COMPILED.parent.mkdir(exist_ok=True)
        COMPILED.write_bytes(blob)
    sys.stdout.writelines(f"{each}\n" for each in wrong)
    return int(options.check and bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
