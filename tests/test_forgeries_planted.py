"""What somebody with access to a clone's own folder may plant: the audit never says that all is well."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.conftest import in_this_process
from tests.forgeries.content import path
from tests.forgeries.world import template as template
from tests.forging import Forger
from tests.worlds import SMALL

EVENING = "2026-11-22T18:00:00+08:00"


@pytest.fixture
def forger(template: Path, tmp_path: Path) -> Forger:
    """Somebody in a copy of the desk."""
    shutil.copytree(template, tmp_path / "d", symlinks=True)
    return Forger(tmp_path / "d")


def audited(forger: Forger) -> tuple[int, str]:
    """Return how the audit ends, and what it says."""
    said = Svcdesk(in_this_process, forger.folder).start(
        ["audit", "verify"], forger.folder, {"SVCDESK_NOW": EVENING}, ""
    )
    return said.exit_code, said.stdout + said.stderr


def test_the_copy_is_good(forger: Forger) -> None:
    assert audited(forger)[0] == 0


def grafts(forger: Forger) -> None:
    """Let history begin late (H35)."""
    (forger.folder / ".git/info").mkdir(exist_ok=True)
    (forger.folder / ".git/info/grafts").write_text(f"{forger.tip}\n", "ascii")


def cuts(forger: Forger) -> None:
    """Let the clone look shallow (H35)."""
    (forger.folder / ".git/shallow").write_text(f"{forger.tip}\n", "ascii")


def replaces(forger: Forger) -> None:
    """Let git show another commit in the place of one (H35)."""
    forger.git("replace", forger.git("rev-parse", "main~2"), forger.git("rev-parse", "main~3"))


@pytest.mark.parametrize("plant", [grafts, cuts, replaces])
def test_falsified_history_is_refused(forger: Forger, plant: Callable[[Forger], None]) -> None:
    plant(forger)
    code, said = audited(forger)
    assert code == 7
    assert said


@pytest.mark.parametrize("what", ["main", "main^{tree}", f"main:{path(SMALL.returned)}"])
def test_a_swapped_object_is_found(forger: Forger, what: str) -> None:
    """Other bytes under the same name, as after a collision (H39)."""
    oid = forger.git("rev-parse", what)
    file = forger.folder / ".git/objects" / oid[:2] / oid[2:]
    raw = zlib.decompress(file.read_bytes())
    swapped = raw.replace(b"inspection", b"ispection!").replace(b"Svcdesk-Actor", b"Svcdesk-actor")
    if swapped == raw:
        swapped = raw.replace(b"schemas", b"schemaz")
    file.chmod(0o600)
    file.write_bytes(zlib.compress(swapped))
    code, said = audited(forger)
    assert code in (1, 5), said
    assert "internal error" not in said
