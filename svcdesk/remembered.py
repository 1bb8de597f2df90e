"""What a check found, kept for as long as nothing that it looked at has changed: the law, the tree, the files.

What is kept lies in the disposable index. It is used only where it is proved to be what a check from the
beginning would find, so an index that is lost, old or damaged costs time and changes no answer.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from svcdesk import schema
from svcdesk.desk import Desk
from svcdesk.desk import indexed_fields
from svcdesk.errors import SvcdeskError
from svcdesk.model import Finding
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.reading import count_files

if TYPE_CHECKING:
    from svcdesk.index import Index

MARK = "check"
_HIDDEN = re.compile(rb"^(?!H )[^ \n]+ ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a check looked at: the law, the tree that main stands on, the files as git's index knows them.

    `index` is the checksum at the end of git's index, `files` a digest of the size, times and place that it
    notes of every file, `count` the number of files on the disk.
    """

    law: str
    tree: str
    index: str
    files: str
    count: int


def recall(desk: Desk) -> list[Finding] | None:
    """Return what the last check found where a check from the beginning would find just that, else None."""
    with suppress(SvcdeskError, ValueError, KeyError, TypeError, OSError):
        with _marks(desk) as marks:
            kept = json.loads(marks.mark(MARK) or "{}")
        if kept and _stands(desk, Standing(**kept["standing"])):
            return [_finding(each) for each in kept["findings"]]
    return None


def keep(desk: Desk, count: int, findings: Sequence[Finding]) -> None:
    """Keep what a check of `count` files found, unless a file differs from what git's index knows of it."""
    with suppress(SvcdeskError, TypeError, OSError):
        standing = _standing(desk, count)
        if standing is not None:
            value = {"standing": asdict(standing), "findings": [_entry(each) for each in findings]}
            with _marks(desk) as marks:
                marks.set_mark(MARK, json.dumps(value, ensure_ascii=False))


def _marks(desk: Desk) -> Index:
    """Open the index for its marks alone, without bringing it up to the tip."""
    from svcdesk.index import Index

    return Index(desk.git_folder / "index.db", schema.fingerprint(), indexed_fields)


def _standing(desk: Desk, count: int) -> Standing | None:
    index = _checksum(desk)
    if not _is_clean(desk, count):
        return None
    files = _digest(desk, count)
    if not files or index != _checksum(desk):
        return None
    return Standing(law(), _tree(desk), index, files, count)


def _stands(desk: Desk, known: Standing) -> bool:
    """Whether law, tree and files are those of an earlier check.

    Git compares times, size and inode of each file with its index, which has to be the one that the check
    saw: a file that was edited and added may be another one although git calls it unchanged (line ends).
    Not seen is what git cannot see: an edit that keeps size, inode and forges the time within a second.
    """
    if (known.law, known.tree) != (law(), _tree(desk)) or not _is_clean(desk, known.count):
        return False
    return known.index == _checksum(desk) or known.files == _digest(desk, known.count)


def _tree(desk: Desk) -> str:
    return desk.store.tree(desk.tip, "records")


def _is_clean(desk: Desk, count: int) -> bool:
    """Whether `records/` holds just the files of git's index, none of them touched since."""
    assert desk.git is not None
    differing = desk.git.start("diff-files", "--raw", "-z", "--", "records")
    # A file that git does not know, or would not even look at, makes the number differ.
    same_number = count_files(desk.root) == count
    listed, _ = differing.communicate()
    return same_number and not listed and differing.returncode == 0


def _digest(desk: Desk, count: int) -> str:
    """Return a digest of what git's index notes of so many files; empty where it overlooks or lacks some."""
    assert desk.git is not None
    listed = desk.git.run("ls-files", "-v", "--debug", "-z", "--", "records")
    whole = listed.count(b"\0") == count and not _HIDDEN.search(listed)
    return sha256(listed).hexdigest() if whole else ""


def _checksum(desk: Desk) -> str:
    """Return the checksum at the end of git's index; a fresh word for each call where there is none."""
    assert desk.git is not None
    with open(desk.git.git_dir / "index", "rb") as file:
        file.seek(-20, os.SEEK_END)
        found = file.read()
    return found.hex() if any(found) else f"unknown {os.urandom(8).hex()}"


def law() -> str:
    """Return a text that changes with the code and schemas of svcdesk, and with the Python that runs them."""
    noted = [sys.version, schema.fingerprint()]
    for folder, _folders, names in os.walk(Path(__file__).parent):
        for name in sorted(each for each in names if each.endswith(".py")):
            status = os.stat(os.path.join(folder, name))
            noted.append(f"{folder} {name} {status.st_size} {status.st_mtime_ns}")
    return sha256("\n".join(noted).encode()).hexdigest()


def _entry(finding: Finding) -> dict[str, Any]:
    return {**finding._asdict(), "message": _plain(finding.message)}


def _finding(entry: dict[str, Any]) -> Finding:
    return Finding(**{**entry, "clauses": tuple(entry["clauses"]), "message": _value(entry["message"])})


def _plain(value: object) -> Any:
    """Return what goes into a sentence as JSON holds it; raises TypeError on what that cannot hold."""
    if isinstance(value, Text):
        return {
            "template": value.template,
            "values": {name: _plain(each) for name, each in value.values.items()},
        }
    if isinstance(value, Term):
        return {"term": list(value)}
    if isinstance(value, Terms):
        return {"terms": [list(each) for each in value]}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if value is None or type(value) in (str, int, bool):
        return value
    raise TypeError(value)


def _value(plain: Any) -> Any:
    if isinstance(plain, dict) and "term" in plain:
        return Term(*plain["term"])
    if isinstance(plain, dict) and "terms" in plain:
        return Terms(Term(*each) for each in plain["terms"])
    if isinstance(plain, dict):
        return Text(plain["template"], {name: _value(each) for name, each in plain["values"].items()})
    return [_value(each) for each in plain] if isinstance(plain, list) else plain
