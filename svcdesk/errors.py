"""Every error, its sentence and its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from svcdesk.model import Finding
from svcdesk.model import Text


class Exit(IntEnum):
    """The exit codes that scripts, cron and CI rely on."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    UNKNOWN = 3
    REFUSED = 4
    STORAGE = 5
    CONFLICT = 6
    ATTENTION = 7
    VIOLATION = 8
    INTERNAL = 70
    BUSY = 75


class SvcdeskError(Exception):
    """An error that a person can act on: one sentence and an exit code."""

    code = Exit.INTERNAL

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


class BadInput(SvcdeskError):
    """What was typed, piped or written cannot be read as meant."""

    code = Exit.USAGE


class BadCommit(BadInput):
    """A commit's bytes could be read in more than one way, or hide something."""


class UnknownRecord(SvcdeskError):
    """No record has this id."""

    code = Exit.UNKNOWN


NOT_GIVEN_RIGHT = (("schema", Exit.USAGE), ("reference", Exit.UNKNOWN))


class Refused(SvcdeskError):
    """A rule or a right stands against it, or what was given is no record at all; nothing was recorded."""

    code = Exit.REFUSED

    def __init__(self, message: Text, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        rules = {each.rule for each in self.findings}
        # What is no record, or speaks of none, is told first: what else stands against it may come of that.
        self.code = next((code for rule, code in NOT_GIVEN_RIGHT if rule in rules), Exit.REFUSED)


class StorageFailed(SvcdeskError):
    """Git or the disk failed; nothing was recorded."""

    code = Exit.STORAGE


class GitKilled(StorageFailed):
    """A git was killed before it ended; the locks that it held are left."""


class NeedsAttention(SvcdeskError):
    """The desk is in a state in which nothing may be recorded."""

    code = Exit.ATTENTION


class Violation(SvcdeskError):
    """The history shown does not extend the one that was known; nothing was moved."""

    code = Exit.VIOLATION


class Busy(SvcdeskError):
    """Another command is writing."""

    code = Exit.BUSY


class BadYaml(BadInput):
    """A file is not in the desk's YAML dialect; line and column count from 1."""

    def __init__(self, message: Text, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
