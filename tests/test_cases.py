"""The examples: each file breaks exactly the rule of the clause that it is named after, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from svcdesk import yamlio
from tests.world import CASES
from tests.world import base

FILES = sorted(path for path in CASES.glob("*/*.yaml"))


def file_name(clause: str) -> str:
    """Return how the name of a case begins."""
    return clause.replace("#", "-").replace(" ", "") + "-"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_breaks_exactly_its_clause(path: Path) -> None:
    case: dict[str, Any] = yamlio.load(path.read_bytes())
    world = base(case.get("profile", "property")).play(case.get("given", []))
    findings = [each for each in world.judge(world.step(case["when"])) if each.severity == "error"]
    told = [(each.rule, each.clauses, str(each.message)) for each in findings]
    if case["then"] == "none":
        assert told == []
    else:
        assert path.name.startswith(file_name(case["then"])), "a case is named after its clause"
        assert len({each.rule for each in findings}) == 1, told
        assert all(case["then"] in each.clauses for each in findings), told


def test_the_world_is_legal() -> None:
    world = base()
    assert len(world.records) > 30
