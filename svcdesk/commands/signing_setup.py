"""Setting a clone up to sign: which key, whether the staff register holds it, what is left to do."""

from __future__ import annotations

import os
from pathlib import Path

from svcdesk.commands.environment import Environment
from svcdesk.errors import BadInput
from svcdesk.errors import StorageFailed
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.signer import configure
from svcdesk.signer import configured
from svcdesk.signer import signer_with
from svcdesk.signer import why_unfit
from svcdesk.sshkeys import fingerprint
from svcdesk.workflow import Order

USUAL = "~/.ssh"
NAMES = ("id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa")
"""What ssh-keygen calls keys of its own accord, the best first."""


def set_up(env: Environment, file: str) -> None:
    """Enter a key as the acting person's own, then let this clone's git sign with it; raises BadInput, Refused."""
    key = _found(file)
    signer = signer_with(os.fspath(key), Path())
    me = env.me()
    if signer.public not in me.get("keys", ()) or _has_ended(me, signer.public):
        with env.session() as session:
            session.act(Order("staff", "add-key", me.id, sets={"key": signer.public}))
        env.close()
    configure(env.desk.store.git, key)


def _found(file: str) -> Path:
    if file != USUAL:
        return Path(os.path.abspath(os.path.expanduser(file)))
    folder = Path(os.path.expanduser(USUAL))
    found = next((folder / name for name in NAMES if (folder / f"{name}.pub").is_file()), None)
    if found is None:
        raise BadInput(text("there is no SSH key in {folder}; ssh-keygen -t ed25519 makes one", folder=USUAL))
    return found


def _has_ended(person: Record, key: str) -> bool:
    return any(each["key"] == key for each in person.get("ended_keys", ()))


def signing_words(env: Environment, person: Record) -> Text:
    """Return whether this clone signs a person's acts, and what is left to do where it does not."""
    try:
        signer = configured(env.desk.store.git)
    except StorageFailed as error:
        return error.message
    if signer is None:
        return text("acts are not signed here; svcdesk whoami --setup [FILE] lets them be")
    name = fingerprint(signer.public)
    if signer.public in env.desk.books.keys(person.id):
        return text("acts are signed with {key}", key=name)
    if signer.public in person.get("keys", ()):
        return text("acts are not signed: {reason}", reason=why_unfit(signer.public, person))
    owners = env.desk.index.where("staff", "keys", signer.public)
    if owners:
        return text(
            "acts are not signed: {key} is that of {owner} {name}; svcdesk --key FILE acts with one's own",
            key=name,
            owner=owners[0].id,
            name=owners[0]["name"],
        )
    return text(
        "acts are not signed: {key} is not in the staff register; svcdesk whoami --setup enters it", key=name
    )
