"""Settings put in force unseen, alone, or afterwards."""

from __future__ import annotations

from typing import Any

from svcdesk import yamlio
from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forging import Forger


def proposed(forger: Forger, by: str, at: str = world.NOW, **rest: Any) -> Step:
    """Return the step that proposes to have no approver of loans."""
    sets = {"setting": "key-loan.approver", "value": [], **rest.pop("sets", {})}
    signed = rest.pop("signed", [{"line": "proposer", "staff": by}])
    return forger.step(forger.world.next_setting, "set", by, at, sets=sets, signed=signed, new=True, **rest)


def approved(forger: Forger, by: str, at: str = world.NOW, record: str = "", **rest: Any) -> Step:
    """Return the step that puts a proposal in force."""
    signed = rest.pop("signed", [{"line": "approver", "staff": by}])
    return forger.step(record or forger.world.proposed, "approve", by, at, signed=signed, **rest)


@forgery("set-right", "next_setting", "N-policy-right")
def proposes_without_the_right(forger: Forger) -> str:
    """The clerk proposes that loans need no approver."""
    return honest(forger, proposed(forger, forger.world.clerk))


@forgery("second-admin-approves", "proposed", "H24-policy")
def approves_his_own_proposal(forger: Forger) -> str:
    """Who proposed a setting puts it in force."""
    return honest(forger, approved(forger, forger.world.admin))


@forgery("approver-signs", "proposed", "N-policy-sign")
def lets_another_have_approved(forger: Forger) -> str:
    """One writes down that the other approved."""
    step = approved(forger, forger.world.admin, signed=[{"line": "approver", "staff": forger.world.keeper}])
    return honest(forger, step)


@forgery("append-only", "proposed", "H26")
def swaps_what_was_approved(forger: Forger) -> str:
    """An approval of another value than was proposed: the proposal is changed under it."""
    step = approved(forger, forger.world.keeper)
    old = forger.record(forger.world.proposed)
    act = {**old.acts[0], "sets": {**old.acts[0]["sets"], "value": 10_000}}
    changed = type(old)(old.register, {**old.data, "value": 10_000, "acts": [act]})
    step = approved(forger, forger.world.keeper, old=changed)
    return honest(forger, step)


@forgery("transition", "in_force", "H28")
def approves_a_second_time(forger: Forger) -> str:
    """A setting in force is approved again, to begin anew."""
    return honest(forger, approved(forger, forger.world.keeper, record=forger.world.in_force))


@forgery("a-setting-is-set-anew", "in_force", "H30")
def declares_a_setting_void(forger: Forger) -> str:
    """A setting in force is void, so that an older one binds again."""
    step = forger.step(
        forger.world.in_force, "void", forger.world.admin, world.NOW, reason="no longer wanted"
    )
    return honest(forger, step)


@forgery("append-only", "in_force", "H30-old")
def puts_an_old_policy_back(forger: Forger) -> str:
    """The file of a setting as it was before its approval."""
    data = forger.record(forger.world.in_force).data
    blob = yamlio.dump({**data, "state": "proposed", "acts": data["acts"][:1]})
    return honest(forger, approval(forger), files={f"records/policy/{forger.world.in_force}.yaml": blob})


@forgery("append-only", "proposed", "H29")
def weakens_the_policy_in_another_commit(forger: Forger) -> str:
    """An approval whose trailer names the parent's policy, with another policy in its tree."""
    old = forger.git("show", f"main:records/policy/{forger.world.proposed}.yaml")
    blob = old.replace("value: 60", "value: 6000").encode() + b"\n"
    return honest(forger, approval(forger), files={f"records/policy/{forger.world.proposed}.yaml": blob})


@forgery("touches", "proposed", "H29-together")
def changes_the_policy_on_the_way(forger: Forger) -> str:
    """A policy act within a commit that leads with another record, each legal in itself."""
    withdrawal = forger.step(forger.world.proposed, "withdraw", forger.world.admin, world.NOW)
    person = forger.step(forger.world.admin, "change", forger.world.admin, world.NOW, sets={"phone": "12345"})
    return honest(forger, person, withdrawal)


@forgery("approver-signs", "requested", "H31")
def uses_a_policy_that_was_tightened(forger: Forger) -> str:
    """Within one range the approvers are changed; the old one still approves afterwards."""
    sets = {"value": ["cs-manager"]}
    base = honest(forger, proposed(forger, forger.world.admin, "2026-11-22T10:10:00+08:00", sets=sets))
    tightened = approved(
        forger, forger.world.keeper, "2026-11-22T10:11:00+08:00", forger.world.next_setting, base=base
    )
    base = honest(forger, tightened, base=base)
    return honest(forger, approval(forger, base=base), base=base)


@forgery("approver-signs", "next_loan", "H31-unbound")
def uses_a_policy_before_it_is_recorded(forger: Forger) -> str:
    """A setting that names an earlier moment than its approval does not bind before it."""
    sets = {"starts": "2026-11-22T08:00:00+08:00"}
    base = honest(forger, proposed(forger, forger.world.admin, world.NOW, sets=sets))
    asked = request(forger, at="2026-11-22T12:01:00+08:00")
    base = honest(forger, asked, base=base)
    base = honest(
        forger,
        approved(
            forger, forger.world.keeper, "2026-11-22T12:02:00+08:00", forger.world.next_setting, base=base
        ),
        base=base,
    )
    step = forger.step(
        forger.world.next_loan,
        "issue",
        forger.world.clerk,
        "2026-11-22T12:03:00+08:00",
        base,
        signed=[{"line": "borrower", "staff": forger.world.engineer}],
    )
    return honest(forger, step, base=base)


@forgery("value-suits-its-setting", "next_setting", "N-fixed")
def switches_a_fixed_rule_off(forger: Forger) -> str:
    """A rule that cannot be switched off."""
    sets = {"setting": "rules", "value": {"one-holder-per-key": "off"}}
    return honest(forger, proposed(forger, forger.world.admin, sets=sets))
