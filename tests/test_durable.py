"""What is written is synced, unless somebody says that it may be lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from svcdesk.durable import expendable
from svcdesk.durable import save


def test_only_what_is_expendable_is_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with expendable():
        save(tmp_path / "demo", b"may be lost")
    assert synced == []
    save(tmp_path / "desk", b"must last")
    assert len(synced) == 2, "the file and its folder"
    assert (tmp_path / "demo").read_bytes() == b"may be lost"
