"""What every command is given: where it runs, the moment, how to speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from functools import cached_property
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcdesk.clock import instant
from svcdesk.clock import read_moment
from svcdesk.clock import stamp
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import Refused
from svcdesk.language import say
from svcdesk.model import Identity
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.session import Session
from svcdesk.signer import Signer
from svcdesk.signer import configured
from svcdesk.signer import signer_with
from svcdesk.signer import why_unfit
from svcdesk.sshkeys import fingerprint

if TYPE_CHECKING:
    from svcdesk.sealing import Reader


@dataclass
class Environment:
    """The folder to start from, the process's environment, and the switches of the root command."""

    start: Path
    variables: Mapping[str, str]
    quiet: bool = False
    no_input: bool = False
    key: str = ""
    """The SSH key of a colleague who acts here instead of whom git names."""

    @cached_property
    def desk(self) -> Desk:
        """The desk at or above the folder."""
        found = Desk.find(self.start)
        found.watch = partial(self.watch, text("indexing"))
        found.unseal = self._unseal
        found.erasure = self._erasure
        return found

    def _unseal(self, value: str) -> str | None:
        return self._reader.open(value)

    def _erasure(self, value: str) -> str:
        return self._reader.erasure(value)

    @cached_property
    def _reader(self) -> Reader:
        from svcdesk.sealing import Reader

        identity = self.desk.store.git.identity()
        person = self.desk.staff_by_email(identity.email) if identity else None
        return Reader(self.desk, self.desk.books, person.id if person else "", self.at)

    def close(self) -> None:
        """Let go of the desk and forget what was read of it, for it may move on."""
        self.__dict__.pop("_reader", None)
        if "desk" in self.__dict__:
            self.desk.close()
            del self.desk

    @cached_property
    def now(self) -> datetime:
        """The moment of this command: SVCDESK_NOW, or the clock; the only clock that svcdesk reads."""
        given = self.variables.get("SVCDESK_NOW", "")
        moment = instant(read_moment(given, "UTC", datetime.now(UTC))) if given else datetime.now(UTC)
        return moment.replace(microsecond=0)

    @property
    def at(self) -> str:
        """The moment as the desk's zone writes it."""
        return stamp(self.now, self.desk.zone)

    def moment(self, value: str) -> str:
        """Read a moment as a person types it, in the desk's zone."""
        return read_moment(value, self.desk.zone, self.now)

    def inside(self, given: str) -> str:
        """Return a path as typed, from the folder of the desk; raises BadInput where nothing is there or was."""
        folder, name = os.path.split(os.path.abspath(self.start / given))
        path = os.path.relpath(os.path.join(os.path.realpath(folder), name), self.desk.root)
        path = "records" if path == "." else path.replace(os.sep, "/")
        there = os.path.lexists(self.desk.root / path) or self._was_there(path)
        if path.startswith("..") or not there:
            raise BadInput(text("{path}: no such file or folder in the desk", path=given))
        return path

    def _was_there(self, path: str) -> bool:
        return bool(self.desk.git and self.desk.tip and self.desk.store.entry(self.desk.tip, path))

    def me(self) -> Record:
        """Return the person who acts: whose key was given, or whom git names; raises NeedsAttention, Refused."""
        if self.key:
            return self._colleague[0]
        identity = self.desk.store.git.identity()
        if identity is None:
            raise NeedsAttention(text("git does not know who you are; set user.name and user.email"))
        person = self.desk.staff_by_email(identity.email)
        if person is None:
            raise Refused(text("{email} belongs to no member of staff of this desk", email=identity.email))
        return person

    @cached_property
    def _colleague(self) -> tuple[Record, Signer]:
        """The person to whom the key given belongs, and the key."""
        signer = signer_with(self.key, Path())
        found = self.desk.index.where("staff", "keys", signer.public)
        if not found:
            raise Refused(text("{key} is the key of nobody who works here", key=fingerprint(signer.public)))
        if signer.public not in self.desk.books.keys(found[0].id):
            raise Refused(why_unfit(signer.public, found[0]))
        return found[0], signer

    def signs(self) -> tuple[str, Signer | None]:
        """Return who signs a note, and with what: whose key was given, or whom git names, if it names a key."""
        if self.key:
            person, signer = self._colleague
            return person.id, signer
        found = configured(self.desk.store.git)
        return (self.me().id if found else "", found)

    def _session(self) -> Session:
        if not self.key:
            return Session(self.desk, self.now)
        person, signer = self._colleague
        if not person.get("emails"):
            raise Refused(text("{person} has no e-mail address to act under", person=person.id))
        return Session(self.desk, self.now, Identity(person["name"], person["emails"][0]), signer)

    @property
    def terminal(self) -> bool:
        """Whether a person sits at both ends."""
        return sys.stdin.isatty() and sys.stdout.isatty() and not self.no_input

    def talk(self, message: Text) -> None:
        """Say one line on stderr, unless told to be quiet."""
        if not self.quiet:
            click.echo(f"svcdesk: {say(message)}", err=True)

    def watch(self, label: Text, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Show a person at a terminal how far long work has come."""
        from svcdesk.progress import progress

        return progress(total, say(label), sys.stderr, sys.stderr.isatty() and not self.quiet)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open the desk for writing; say what was repaired, what could not be filed, what lies about."""
        session = self._session()
        try:
            with session:
                for message in session.repaired:
                    self.talk(message)
                yield session
        finally:
            for message in session.notices:
                self.talk(message)


def zone_exists(zone: str) -> str:
    """Return a time zone's name; raises BadInput where this machine does not know it."""
    from zoneinfo import ZoneInfo
    from zoneinfo import ZoneInfoNotFoundError

    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(text("there is no time zone {zone}; one is Asia/Shanghai", zone=zone)) from None
