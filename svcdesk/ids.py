"""Serial ids, as in a numbered paper book, and the path that follows from each. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from svcdesk.declared import Register

ID = re.compile(r"([A-Z]{1,3})([0-9]{4})?-([A-Z]{1,2})([0-9]{4}|[1-9][0-9]{4,})")
TAIL = re.compile(r"[A-Za-z0-9-]{1,24}")
STATION = re.compile(r"[A-Z]{1,2}")
PATH = re.compile(r"records/([a-z][a-z-]*)/(?:[A-Z0-9]+/)*([A-Z0-9]+-[A-Z0-9]+)\.yaml")

Parts = tuple[str, str, str, int]
"""Prefix, month, station and serial of an id."""


def make_id(register: Register, month: str, station: str, serial: int) -> str:
    """Return an id: `KL2611-A0012` for dated forms (`month` is `2611`), `K-A0001` for master data."""
    return f"{register.prefix}{month if register.dated else ''}-{station}{serial:04d}"


def split_id(record_id: str) -> Parts | None:
    """Return prefix, month, station and serial of an id, or None where it is none."""
    match = ID.fullmatch(record_id)
    if match is None:
        return None
    return match[1], match[2] or "", match[3], int(match[4])


def folder_of(register: Register, month: str, station: str, serial: int) -> str:
    """Return the folder in which a record of this serial lies."""
    shard = f"{station}{serial // 100:02d}"
    if register.dated:
        return f"records/{register.name}/{month}/{shard}"
    return f"records/{register.name}/{shard}" if register.sharded else f"records/{register.name}"


def path_of(register: Register, record_id: str) -> str:
    """Return the path of a record in the repository."""
    parts = split_id(record_id)
    if parts is None:
        raise ValueError(record_id)
    return f"{folder_of(register, *parts[1:])}/{record_id}.yaml"


def register_of(record_id: str, registers: Mapping[str, Register]) -> Register | None:
    """Return the register whose prefix and form an id has."""
    parts = split_id(record_id)
    if parts is None:
        return None
    return next((each for each in registers.values() if _is_of(each, parts)), None)


def _is_of(register: Register, parts: Parts) -> bool:
    """Tell whether an id has the prefix and the form of a register; a test holds that of one register only."""
    return register.prefix == parts[0] and register.dated == bool(parts[1])


def parse_path(path: str, registers: Mapping[str, Register]) -> tuple[Register, str] | None:
    """Return register and id of a record file, or None where no record may lie at this path."""
    match = PATH.fullmatch(path)
    register = registers.get(match[1]) if match else None
    parts = split_id(match[2]) if match else None
    if match is None or register is None or parts is None or not _is_of(register, parts):
        return None
    return (register, match[2]) if f"{folder_of(register, *parts[1:])}/{match[2]}.yaml" == path else None
