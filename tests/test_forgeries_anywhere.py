"""Whatever honest commit is taken, and whichever thing about it is spoilt: it is named, also among thousands."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime

import pytest

from svcdesk.audit.scene import Scene
from svcdesk.audit.verifying import Verifier
from svcdesk.desk import Desk
from svcdesk.proofs import Proofs
from tests.conftest import Svcdesk
from tests.conftest import in_this_process
from tests.forgeries.spoiling import SPOILS
from tests.forgeries.spoiling import Spoil
from tests.forgeries.spoiling import model
from tests.forgeries.world import demo as demo
from tests.forgeries.world import forger as forger
from tests.forgeries.world import template as template
from tests.forging import Forger
from tests.worlds import SMALL

LATER = datetime(2027, 1, 31, tzinfo=UTC)


def rules_against(desk: Desk, parent: str, commit: str) -> set[str]:
    """Return the rules that have something against a commit, by the books of its parent."""
    scene = Scene(desk.store, desk.registers, desk.zone, desk.index, desk.tip, Proofs(desk))
    scene.move(parent)
    verifier = Verifier(desk.store, desk.registers, scene, LATER)
    return {finding.rule for each in verifier.run(commit, [parent]) for finding in each.findings}


def hold(forger: Forger, spoil: Spoil, every: int) -> None:
    """Spoil every so manyth commit of a desk, and hold that it is named, and was not before."""
    desk = Desk(forger.folder)
    rule = SPOILS[spoil]
    commits = forger.git("rev-list", "--no-merges", "--min-parents=1", "main").splitlines()
    for commit in commits[::every]:
        honest = model(forger, commit)
        against = rules_against(desk, honest.parent, forger.write(spoil(forger, honest)))
        assert rule in against if rule else against, commit
    desk.store.close()


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda each: each.__name__)
def test_any_commit_that_is_spoilt_is_named(forger: Forger, spoil: Spoil) -> None:
    hold(forger, spoil, 17 if forger.world is SMALL else 400)


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda each: each.__name__)
def test_the_command_names_what_is_spoilt(forger: Forger, spoil: Spoil) -> None:
    honest = model(forger, "main")
    commit = forger.write(spoil(forger, honest))
    audit = Svcdesk(in_this_process, forger.folder)
    said = audit(f"audit verify --format json {honest.parent}..{commit}", 1, now=LATER.isoformat())
    assert json.loads(said.stdout)["commits"]
