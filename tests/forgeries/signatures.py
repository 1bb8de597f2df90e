"""Signatures of the wrong kind, by the wrong key, over something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import borrowed
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forgeries.policy import approved
from tests.forgeries.policy import proposed
from tests.forging import Forger
from tests.keys import public

ARMOUR = "gpgsig -----BEGIN {0}-----\n iQEzBAABCAAdFiEE\n -----END {0}-----\n"


def _bearing(forger: Forger, armour: str) -> str:
    return honest(forger, approval(forger), more=armour)


def key(forger: Forger, login: str) -> Path:
    """Return where the private half of somebody's key lies."""
    return forger.folder.parent / "keys" / login


def keyed(forger: Forger, action: str, by: str, person: str, login: str, **rest: str) -> Step:
    """Return the step by which somebody enters or ends a key of a person."""
    line = public(key(forger, login))
    base, at = rest.pop("base", "main"), rest.pop("at", world.NOW)
    old = forger.record(person, base)
    sets: dict[str, object] = {"key": line}
    if action == "add-key":
        sets["keys"] = [*old.get("keys", ()), line]
    else:
        how = {"how": "retired"} if action == "retire-key" else {"how": "compromised", "since": rest["since"]}
        sets["ended_keys"] = [*old.get("ended_keys", ()), {"key": line, **how}]
        sets.update({name: value for name, value in rest.items() if name == "since"})
    ends = [] if action == "retire-key" else ["second"]
    reason = "lost" if action == "compromise-key" else ""
    return forger.step(person, action, by, at, base, sets=sets, ends=ends, reason=reason)


def by_key(forger: Forger, login: str, step: Step, **how: str) -> str:
    """Commit a step in the name of the one who acts, signed with the key of `login`."""
    unsigned = replace(forger, keys=None)
    body = forger.git("cat-file", "commit", honest(unsigned, step, **how)) + "\n"
    return honest(unsigned, step, more=forger.signature(body, key(forger, login)), **how)


@forgery("signature", "requested", "H13")
def brings_an_openpgp_signature(forger: Forger) -> str:
    """A signature of a kind for which git asks another keyring."""
    return _bearing(forger, ARMOUR.format("PGP SIGNATURE"))


@forgery("signature", "requested", "H13-x509")
def brings_a_certificate(forger: Forger) -> str:
    """A signature of a kind for which git asks the machine's certificates."""
    return _bearing(forger, ARMOUR.format("SIGNED MESSAGE"))


@forgery("signature", "requested", "H13-empty")
def brings_a_signature_of_nothing(forger: Forger) -> str:
    """An SSH signature in which nothing is signed."""
    return _bearing(forger, ARMOUR.format("SSH SIGNATURE"))


@forgery("signature", "requested", "H11")
def signs_a_colleagues_act_with_his_own_key(forger: Forger) -> str:
    """The head's act and name under the clerk's signature, which git calls good."""
    return by_key(forger, "clerk", approval(forger))


@forgery("signature", "requested", "H11-stranger")
def signs_with_a_key_that_nobody_holds(forger: Forger) -> str:
    """A key of which the staff register knows nothing."""
    return by_key(forger, world.STRANGER, approval(forger))


@forgery("signature", "requested", "H14")
def signs_with_a_key_that_has_ended(forger: Forger) -> str:
    """The head has retired his key; what it signs afterwards is dated to the same second."""
    base = by_key(forger, "head", keyed(forger, "retire-key", forger.world.head, forger.world.head, "head"))
    return by_key(forger, "head", approval(forger, base=base), base=base)


@forgery("signature", "requested", "H14-compromised")
def signs_with_a_key_that_was_lost(forger: Forger) -> str:
    """The head's key was declared compromised."""
    step = keyed(forger, "compromise-key", forger.world.head, forger.world.head, "head", since=forger.tip)
    base = by_key(forger, "head", step)
    return by_key(forger, "head", approval(forger, base=base), base=base)


@forgery("signature", "requested", "H14-waiting")
def signs_with_a_key_that_waits(forger: Forger) -> str:
    """A second key counts only once another desk-admin has seconded it."""
    step = keyed(forger, "add-key", forger.world.head, forger.world.head, world.STRANGER)
    base = by_key(forger, "head", step)
    return by_key(forger, world.STRANGER, approval(forger, base=base), base=base)


@forgery("signature", "requested", "H16")
def pastes_the_signature_of_another_commit(forger: Forger) -> str:
    """A good signature of the head's, made on something else."""
    other = forger.git("cat-file", "commit", forger.tip) + "\n"
    return _bearing(forger, forger.signature(other, key(forger, "head")))


@forgery("signature", "requested", "H16-namespace")
def signs_for_another_purpose(forger: Forger) -> str:
    """The head has signed these bytes as a file, not as a commit."""
    step = approval(forger)
    body = forger.git("cat-file", "commit", honest(replace(forger, keys=None), step)) + "\n"
    return _bearing(forger, forger.signature(body, key(forger, "head"), "file"))


@forgery("key-belongs-to-one-person", "clerk", "H25-key")
def shares_a_colleagues_key(forger: Forger) -> str:
    """The clerk enters the head's key as his own."""
    return by_key(forger, "clerk", keyed(forger, "add-key", forger.world.clerk, forger.world.clerk, "head"))


@forgery("keys-are-entered-by-their-owner", "head", "H25-for-another")
def enters_a_key_for_another(forger: Forger) -> str:
    """One who keeps the desk enters a key of his own as the head's."""
    people = forger.world
    step = keyed(forger, "add-key", people.admin, people.head, world.STRANGER)
    return by_key(forger, people.logins[people.admin], step)


@forgery("keys-are-ended-by-their-owner-or-a-keeper", "head", "N-key-ended")
def ends_a_colleagues_key(forger: Forger) -> str:
    """The clerk declares that the head's key was never his."""
    since = forger.git("rev-list", "--max-parents=0", "main")
    step = keyed(forger, "compromise-key", forger.world.clerk, forger.world.head, "head", since=since)
    return by_key(forger, "clerk", step)


@forgery("signed-act", "head", "H25-further")
def enters_a_further_key_on_gits_word(forger: Forger) -> str:
    """Who can set git's name to the head's enters a key of his own as the head's second."""
    step = keyed(forger, "add-key", forger.world.head, forger.world.head, world.STRANGER)
    return honest(replace(forger, keys=None), step)


@forgery("signed-act", "head", "H25-ended")
def ends_a_key_on_gits_word(forger: Forger) -> str:
    """The head's key is retired in his name, so that another of his would be his first."""
    step = keyed(forger, "retire-key", forger.world.head, forger.world.head, "head")
    return honest(replace(forger, keys=None), step)


@forgery("signed-act", "clerk", "H25-seconded")
def seconds_on_gits_word(forger: Forger) -> str:
    """The clerk enters a further key, and seconds it in the name of one who keeps the desk."""
    people = forger.world
    step = keyed(forger, "add-key", people.clerk, people.clerk, world.STRANGER)
    base = by_key(forger, "clerk", step)
    signed = [{"line": "second", "staff": people.keeper}]
    step = forger.step(people.clerk, "sign", people.keeper, world.LATER, base, signed=signed)
    return honest(replace(forger, keys=None), step, base=base)


def must_be_signed(forger: Forger) -> str:
    """Commit the policy that approvers of loans sign with a key."""
    sets = {"setting": "signing.least", "value": {"key-loan.approver": "signed"}}
    base = honest(forger, proposed(forger, forger.world.admin, "2026-11-22T10:30:00+08:00", sets=sets))
    step = approved(
        forger, forger.world.keeper, "2026-11-22T10:31:00+08:00", forger.world.next_setting, base=base
    )
    return honest(forger, step, base=base)


@forgery("approver-signs", "requested", "H13-unsigned")
def hands_out_by_an_approval_without_a_key(forger: Forger) -> str:
    """The policy asks the approver for his key; he approves without, and the key is handed out."""
    unsigned = replace(forger, keys=None)
    base = must_be_signed(forger)
    base = honest(unsigned, approval(unsigned, base=base), base=base)
    step = unsigned.step(
        forger.world.requested, "issue", forger.world.clerk, world.LATER, base, signed=borrowed(forger)
    )
    return honest(unsigned, step, base=base)


@forgery("signature", "next_loan", "H15-key")
def signs_after_he_left(forger: Forger) -> str:
    """The key of one who has left."""
    return by_key(forger, "leaver", request(forger, by=forger.world.leaver))
