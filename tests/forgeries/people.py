"""Ranks raised, colleagues removed, records of people invented."""

from __future__ import annotations

from typing import Any

from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.signatures import by_key
from tests.forging import Forger


def appointed(
    forger: Forger, by: str, person: str, post: str = "department-head", action: str = "post", **rest: Any
) -> Step:
    """Return the step by which somebody gives a person a post in engineering."""
    at = rest.pop("at", world.NOW)
    old = None if action == "add" else forger.record(person, rest.get("base", "main"))
    held = list(old.get("posts", ())) if old and action == "post" else []
    term = {"post": post, "department": "engineering", "from": at}
    sets = {"post": post, "department": "engineering", "posts": [*held, term], **rest.pop("sets", {})}
    ends = [] if old is None else ["second"]
    return forger.step(person, action, by, at, sets=sets, ends=ends, new=old is None, **rest)


def added(forger: Forger, by: str, post: str = "department-head", **rest: Any) -> Step:
    """Return the step by which somebody enters a new person."""
    sets = {"name": "Nobody Ni", "emails": ["nobody@example.org"]}
    return appointed(forger, by, forger.world.new_person, post, "add", sets=sets, **rest)


@forgery("post-right", "clerk", "H22")
def raises_his_own_rank(forger: Forger) -> str:
    """The clerk makes himself head of a department."""
    return honest(forger, appointed(forger, forger.world.clerk, forger.world.clerk))


@forgery("nobody-appoints-himself", "keeper", "H22-keeper")
def appoints_himself(forger: Forger) -> str:
    """One who keeps the desk gives himself a post."""
    return honest(forger, appointed(forger, forger.world.keeper, forger.world.keeper, "cs-manager"))


@forgery("post-right", "clerk", "H23")
def raises_his_rank_and_uses_it(forger: Forger) -> str:
    """Two commits: one raises the clerk's rank, the next approves by it."""
    base = honest(forger, appointed(forger, forger.world.clerk, forger.world.clerk))
    return honest(forger, approval(forger, forger.world.clerk, world.LATER, base=base), base=base)


@forgery("approver-signs", "requested", "H23-appointed")
def uses_an_appointment_without_a_second(forger: Forger) -> str:
    """Appointed by one of the two who keep the desk, the clerk approves at once."""
    base = honest(forger, appointed(forger, forger.world.admin, forger.world.clerk))
    return honest(forger, approval(forger, forger.world.clerk, world.LATER, base=base), base=base)


@forgery("touches", "head", "H22-hidden")
def hides_an_appointment_in_another_act(forger: Forger) -> str:
    """An approval in the head's name, and in the same commit a staff record changed by him."""
    step = forger.step(
        forger.world.head,
        "change",
        forger.world.head,
        world.NOW,
        sets={"emails": ["head@example.org", "h2@example.org"]},
    )
    return honest(forger, approval(forger), step)


@forgery("second-is-another", "clerk", "H24-second")
def seconds_his_own_appointment(forger: Forger) -> str:
    """The one who entered an appointment signs as the second."""
    base = honest(forger, appointed(forger, forger.world.admin, forger.world.clerk))
    signed = [{"line": "second", "staff": forger.world.admin}]
    step = forger.step(forger.world.clerk, "sign", forger.world.admin, world.LATER, base, signed=signed)
    return by_key(forger, forger.world.logins[forger.world.admin], step, base=base)


@forgery("footprint", "new_person", "N-source")
def borrows_the_seconds_of_an_import(forger: Forger) -> str:
    """An appointment that names an import as its source, as if two had signed that."""
    step = added(forger, forger.world.admin, source={"import": forger.world.sheet, "row": 1})
    return honest(forger, step)


@forgery("keepers-are-appointed-by-a-keeper", "clerk", "N-hr")
def is_made_a_keeper_by_human_resources(forger: Forger) -> str:
    """Human resources alone appoints one who keeps the desk."""
    staff = added(forger, forger.world.admin, "human-resources")
    base = honest(forger, staff)
    signed = [{"line": "second", "staff": forger.world.keeper}]
    second = forger.step(forger.world.new_person, "sign", forger.world.keeper, world.LATER, base, signed=signed)
    base = by_key(forger, "keeper", second, base=base)
    at = "2026-11-22T12:20:00+08:00"
    step = appointed(forger, forger.world.new_person, forger.world.clerk, "desk-admin", base=base, at=at)
    return honest(forger, step, base=base, author="nobody <nobody@example.org>")


@forgery("keepers-do-not-remove-each-other", "keeper", "H32-removal")
def removes_the_other_keeper(forger: Forger) -> str:
    """One of the two who keep the desk suspends the other."""
    return honest(
        forger,
        forger.step(forger.world.keeper, "suspend", forger.world.admin, world.NOW, reason="does not agree"),
    )


@forgery("leave-right", "engineer", "N-leave")
def sends_a_colleague_away(forger: Forger) -> str:
    """The clerk enters that a colleague has left."""
    return honest(
        forger, forger.step(forger.world.engineer, "leave", forger.world.clerk, world.NOW, reason="gone")
    )


@forgery("leaver-holds-nothing", "engineer", "N-holds")
def lets_one_leave_with_a_key(forger: Forger) -> str:
    """Somebody leaves who still has a key."""
    return honest(
        forger, forger.step(forger.world.engineer, "leave", forger.world.admin, world.NOW, reason="gone")
    )


@forgery("transition", "leaver", "N-return")
def comes_back_by_himself(forger: Forger) -> str:
    """One who has left is reinstated."""
    return honest(forger, forger.step(forger.world.leaver, "reinstate", forger.world.admin, world.NOW))


@forgery("footprint", "clerk", "N-posts")
def corrects_his_posts(forger: Forger) -> str:
    """Posts are decided by appointments; a correction enters others."""
    posts = [{"post": "cs-manager", "department": "customer-service", "from": "2026-11-22T09:00:00+08:00"}]
    return honest(
        forger,
        forger.step(
            forger.world.clerk,
            "correct",
            forger.world.admin,
            world.NOW,
            sets={"posts": posts},
            reason="mistake",
        ),
    )


@forgery("post-is-known", "new_person", "N-post")
def invents_a_post(forger: Forger) -> str:
    """A post that the policy does not know."""
    return honest(forger, added(forger, forger.world.admin, "chief-of-everything"))
