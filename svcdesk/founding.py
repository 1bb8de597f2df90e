"""How a desk begins: repository, default policy, departments, schemas, the first person, station A."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from svcdesk import message
from svcdesk import schema
from svcdesk import yamlio
from svcdesk.calendars import default_calendar
from svcdesk.clock import stamp
from svcdesk.departments import DEPARTMENTS
from svcdesk.departments import MORE
from svcdesk.desk import CONFIG
from svcdesk.errors import BadInput
from svcdesk.git import Git
from svcdesk.git import Identity as Identity
from svcdesk.ids import make_id
from svcdesk.ids import path_of
from svcdesk.model import Change
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.people import ADMIN
from svcdesk.registers import REGISTERS
from svcdesk.settings import PROFILES
from svcdesk.settings import SETTINGS
from svcdesk.store import Store
from svcdesk.store import create
from svcdesk.workflow import make_act
from svcdesk.workflow import replay

ATTRIBUTES = "*.yaml text eol=lf merge=binary\nschemas/*.json text eol=lf\n"
FIRST_PERSON = "S-A0001"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What `svcdesk init` was asked for."""

    name: str
    zone: str
    profile: str
    identity: Identity


def found(root: Path, beginning: Beginning, now: datetime) -> str:
    """Make a desk in an empty or new folder and return its first commit; raises BadInput, StorageFailed."""
    if root.exists() and any(root.iterdir()):
        raise BadInput(text("{folder} is not empty", folder=str(root)))
    at = stamp(now, beginning.zone)
    change = Change(tuple(founding_steps(beginning, at)), "init")
    files = {
        path_of(REGISTERS[step.new.register], step.new.id): yamlio.dump(
            schema.ordered(step.new.register, step.new.data)
        )
        for step in change.steps
        if _is_last(step, change)
    }
    files[CONFIG] = yamlio.dump(_config(beginning, at))
    files[".gitattributes"] = ATTRIBUTES.encode("ascii")
    files |= {f"schemas/{name}.json": schema.raw(name) for name in (*schema.names(), "common")}
    store: Store = create(
        root, {"user.name": beginning.identity.name, "user.email": beginning.identity.email}
    )
    with store.lock():
        commit = store.commit("", files, message.compose(change, ""), beginning.identity, now)
    (store.git.git_dir / "svcdesk" / "station").write_text("A\n", "ascii")
    write_hook(store.git.git_dir)
    return commit


def known_identity(root: Path) -> Identity | None:
    """Return who git says is acting, before there is a repository to ask."""
    return Git(root, root / ".git").identity()


def _is_last(step: Step, change: Change) -> bool:
    return [each for each in change.steps if each.new.id == step.new.id][-1] is step


def _config(beginning: Beginning, at: str) -> dict[str, Any]:
    label = "".join(
        letter if letter.isalnum() and letter.isascii() else "-" for letter in beginning.name.casefold()
    )
    name = "-".join(filter(None, label.split("-"))) or "desk"
    return {
        "id": f"{name}-{at[:10].replace('-', '')}",
        "name": beginning.name,
        "zone": beginning.zone,
        "format": 1,
    }


def founding_steps(beginning: Beginning, at: str) -> list[Step]:
    """Return the acts of the founding: first person, departments, policy, station."""
    steps: list[Step] = []
    person: dict[str, Any] = {
        "name": beginning.identity.name,
        "post": ADMIN,
        "department": "administration",
        "emails": [beginning.identity.email.casefold()],
    }
    person["posts"] = [{"post": ADMIN, "department": "administration", "from": at}]
    steps += _record("staff", 1, [make_act("add", FIRST_PERSON, at, sets=person)])
    departments = (*DEPARTMENTS, *MORE[beginning.profile])
    for number, department in enumerate(departments, 1):
        acts = [make_act("add", FIRST_PERSON, at, sets=department.fields)]
        steps += _record("department", number, acts)
    values: Mapping[str, Any] = {name: setting.default for name, setting in SETTINGS.items()}
    values = {
        **values,
        "calendar": default_calendar(beginning.zone),
        "scope.excluded": list(PROFILES[beginning.profile]),
    }
    for number, (name, value) in enumerate(sorted(values.items()), 1):
        steps += _record("policy", number, _policy_acts(name, value, at))
    return steps + _record("station", 1, [make_act("claim", FIRST_PERSON, at, sets={"letter": "A"})])


def _policy_acts(name: str, value: Any, at: str) -> list[dict[str, Any]]:
    proposer = [{"line": "proposer", "staff": FIRST_PERSON}]
    approver = [{"line": "approver", "staff": FIRST_PERSON}]
    return [
        make_act("set", FIRST_PERSON, at, sets={"setting": name, "value": value}, signed=proposer),
        make_act("approve", FIRST_PERSON, at, signed=approver),
    ]


def _record(register: str, serial: int, acts: Sequence[dict[str, Any]]) -> list[Step]:
    declared = REGISTERS[register]
    return replay(declared, make_id(declared, "", "A", serial), acts)


HOOK = """#!/bin/sh
# Records change only through svcdesk; this refuses a hand edit before it becomes a commit.
exec svcdesk check --staged
"""


def write_hook(git_dir: Path) -> None:
    """Write the pre-commit hook of a clone; raises OSError."""
    hook = git_dir / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK, "ascii")
    hook.chmod(0o755)
