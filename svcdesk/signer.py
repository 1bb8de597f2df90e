"""Who signs commits: the key that git is told to sign with, or the one that a colleague hands over."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from svcdesk import keygen
from svcdesk import sshsig
from svcdesk.errors import BadInput
from svcdesk.errors import StorageFailed
from svcdesk.git import Git
from svcdesk.model import Identity
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.sshkeys import fingerprint

FORMAT = "gpg.format"
KEY = "user.signingkey"
SWITCH = "commit.gpgsign"
"""Git's settings; what is signed with them is signed by plain git too."""

YES = ("true", "yes", "on", "1")


class Signer(NamedTuple):
    """A key at hand: as git's setting names it (a file, or `key::…`), and its public half."""

    key: str
    public: str
    folder: Path

    def sign(self, payload: bytes) -> bytes:
        """Return an armoured signature over a commit, verified; raises StorageFailed."""
        armour = keygen.sign(payload, self.key, sshsig.GIT, self.folder)
        if sshsig.verify(payload, armour, [self.public]) is None:
            raise StorageFailed(
                text("nothing was recorded: the signature made with {key} is not its own", key=self.key)
            )
        return armour


def signer_with(key: str, folder: Path) -> Signer:
    """Return the signer that a key file is; raises BadInput where it is none."""
    return Signer(key, keygen.public_key(key, folder), folder)


def configured(git: Git) -> Signer | None:
    """Return the signer that git's settings name, None where they ask for none; raises StorageFailed."""
    key = git.config(KEY)
    if not key or git.config(FORMAT) != "ssh" or git.config(SWITCH).lower() not in YES:
        return None
    # Git takes a bare public key for what it is, though it no longer says so in its manual.
    named = f"{keygen.LITERAL}{key}" if key.startswith("ssh-") else key
    try:
        return signer_with(named, git.root)
    except BadInput as error:
        raise StorageFailed(text("nothing was recorded: {reason}", reason=error.message)) from error


def signer_for(git: Git, who: Identity, keys: Collection[str]) -> Signer | None:
    """Return what signs a commit of the person whom git names; None with no key among these that are his."""
    if not keys or who != git.identity():
        return None
    found = configured(git)
    return found if found is not None and found.public in keys else None


def why_unfit(key: str, person: Record) -> Text:
    """Return why a key that the staff register holds for a person signs nothing now."""
    name = fingerprint(key)
    if any(each["key"] == key for each in person.get("ended_keys", ())):
        return text("{key} has ended; svcdesk whoami --setup FILE enters another", key=name)
    if person.state != "active":
        return text("{key} is the key of {person}, who does not work here now", key=name, person=person.id)
    return text(
        "{key} does not count yet: a desk-admin other than {person} has to second it: svcdesk sign {person} second",
        key=name,
        person=person.id,
    )


def configure(git: Git, key: Path) -> None:
    """Tell this clone's git to sign every commit with a key."""
    for name, value in ((FORMAT, "ssh"), (KEY, os.fspath(key)), (SWITCH, "true")):
        git.set_config(name, value)
