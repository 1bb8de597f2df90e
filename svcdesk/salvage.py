"""Hand edits under records/: entered as acts where they are nothing else, put aside otherwise; never lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svcdesk import worktree
from svcdesk.desk import committed
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.ids import parse_path
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.session import Session
from svcdesk.workflow import Order
from svcdesk.workflow import replay

ASIDE = "salvage"
"""Folder beside the index, outside records/, in which edited files are kept."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """Where an edited file was put (nowhere where it had been deleted), and the acts that it only adds."""

    aside: Path | None
    orders: tuple[Order, ...]


def salvage(session: Session, path: str, actor: str) -> Salvaged:
    """Put an edited file aside and the committed one back; raises BadInput where it is not edited."""
    store, tip = session.desk.store, session.desk.tip
    if not path.startswith("records/"):
        raise BadInput(text("{path} lies outside records/; svcdesk leaves it to you", path=path))
    if not store.foreign_edits([path], tip):
        raise BadInput(text("{path} is as it was committed; there is nothing to salvage", path=path))
    orders = _orders(session, path, actor)
    aside = _put_aside(session.desk.root / path, session.desk.git_folder / ASIDE)
    held = store.read(tip, path)
    if held is not None:
        worktree.put(session.desk.root, path, held)
    store.materialise([path], tip, tip)
    return Salvaged(aside, orders)


def _put_aside(file: Path, folder: Path) -> Path | None:
    if not os.path.lexists(file):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while os.path.lexists(target := folder / f"{file.name}.salvaged-{number}"):
        number += 1
    os.rename(file, target)
    return target


def _orders(session: Session, path: str, actor: str) -> tuple[Order, ...]:
    """Return the acts that an edit adds, if it does nothing else and they are all the acting person's own."""
    store, place = session.desk.store, parse_path(path, session.desk.registers)
    held = store.read(session.desk.tip, path)
    if place is None or held is None or worktree.blob_id(session.desk.root, path) == worktree.ODD:
        return ()
    register = place[0]
    old = committed(register.name, path, held)
    try:
        new = committed(register.name, path, (session.desk.root / path).read_bytes())
        added = _added(old, new)
        if not added or replay(register, old.id, new.acts)[-1].new.data != new.data:
            return ()
    except (NeedsAttention, BadInput, OSError, TypeError, ValueError):
        return ()
    return tuple(_order(old, act) for act in added) if all(act["by"] == actor for act in added) else ()


def _added(old: Record, new: Record) -> Sequence[Act]:
    count = len(old.acts)
    return new.acts[count:] if new.id == old.id and new.acts[:count] == old.acts else ()


def _order(record: Record, act: Act) -> Order:
    sets: Mapping[str, Any] = act.get("sets", {})
    return Order(
        record.register,
        act["action"],
        record.id,
        sets=dict(sets),
        signed=list(act.get("signed", ())),
        papers=list(act.get("papers", ())),
        reason=act.get("reason", ""),
        at=act["at"],
        ref=act.get("ref", ""),
    )
