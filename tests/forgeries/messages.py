"""Messages that say something else than the files."""

from __future__ import annotations

from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import words
from tests.forging import Forger


def _told(forger: Forger, old: str, new: str) -> str:
    """Commit an honest approval with a passage of its message changed."""
    step = approval(forger)
    said = words(forger, step)
    assert old in said
    return honest(forger, step, words=said.replace(old, new, 1))


@forgery("message", "requested", "N-subject")
def tells_of_another_action(forger: Forger) -> str:
    """The subject says refused; the file says approved."""
    return _told(forger, "approve", "refuse")


@forgery("message", "requested", "N-trailer")
def names_another_action_in_the_trailer(forger: Forger) -> str:
    """Only the trailer tells of another action."""
    return _told(forger, "Svcdesk-Action: approve", "Svcdesk-Action: return")


@forgery("message", "requested", "N-record")
def names_another_record(forger: Forger) -> str:
    """The trailer names a record that the commit does not touch."""
    return _told(
        forger, f"Svcdesk-Record: {forger.world.requested}", f"Svcdesk-Record: {forger.world.approved}"
    )


@forgery("message", "requested", "N-more")
def names_one_record_more(forger: Forger) -> str:
    """The trailer names a record more than the commit touches."""
    return _told(
        forger,
        forger.world.requested + "\nSvcdesk-Actor",
        f"{forger.world.requested} {forger.world.key}\nSvcdesk-Actor",
    )


@forgery("message", "requested", "N-signed")
def claims_a_stronger_signature(forger: Forger) -> str:
    """The trailer says that the act was signed with a key."""
    return _told(forger, "(identified)", "(signed)")


@forgery("message", "requested", "N-at")
def tells_another_time(forger: Forger) -> str:
    """The trailer tells another event time."""
    return _told(forger, "Svcdesk-At: 2026-11-22T12", "Svcdesk-At: 2026-11-22T11")


@forgery("message", "requested", "H28-policy")
def names_another_policy(forger: Forger) -> str:
    """The trailer names a policy that is not the parent's."""
    policy = forger.git("rev-parse", "main:records/policy")
    return _told(forger, policy, policy[::-1])


@forgery("message", "requested", "H41-trailer")
def names_another_format(forger: Forger) -> str:
    """The trailer names a format that this version does not write."""
    return _told(forger, "Svcdesk-Format: 1", "Svcdesk-Format: 0")


@forgery("message", "requested", "N-exception")
def grants_himself_an_exception(forger: Forger) -> str:
    """The trailer names an exception that nobody granted."""
    return _told(forger, "Svcdesk-Format", f"Svcdesk-Exception: {forger.world.in_force}\nSvcdesk-Format")


@forgery("message", "requested", "H38")
def smuggles_a_trailer_into_the_reason(forger: Forger) -> str:
    """A paragraph before the trailers that reads like them."""
    return _told(forger, "\n\nSvcdesk-Action", f"\n\nSvcdesk-Actor: {forger.world.manager}\n\nSvcdesk-Action")


@forgery("message", "requested", "H38-twice")
def repeats_a_trailer(forger: Forger) -> str:
    """The same trailer twice, of which readers take either."""
    return _told(forger, "Svcdesk-At", f"Svcdesk-Actor: {forger.world.manager}\nSvcdesk-At")


@forgery("message", "requested", "H38-folded")
def folds_a_trailer(forger: Forger) -> str:
    """A trailer goes on in a second line."""
    return _told(forger, "Svcdesk-At", f" {forger.world.manager}\nSvcdesk-At")


@forgery("message", "requested", "H38-after")
def writes_after_the_trailers(forger: Forger) -> str:
    """Words behind the trailers."""
    return _told(forger, "Svcdesk-Format: 1\n", "Svcdesk-Format: 1\n\nReviewed-by: the manager\n")


@forgery("message", "requested", "N-order")
def puts_the_trailers_in_another_order(forger: Forger) -> str:
    """Known trailers in an order of their own."""
    step = approval(forger)
    *head, last, end = words(forger, step).splitlines()
    return honest(forger, step, words="\n".join([*head, end, last]) + "\n")


@forgery("message", "", "H20-words")
def writes_a_message_of_his_own(forger: Forger) -> str:
    """An honest act under a message as people write it."""
    return honest(forger, approval(forger), words="approved the loan, as discussed\n")


@forgery("kind", "requested", "N-upgrade")
def calls_an_act_an_upgrade(forger: Forger) -> str:
    """An upgrade may touch what an act may not."""
    return _told(forger, "Svcdesk-Action: approve", "Svcdesk-Action: upgrade")


@forgery("kind", "requested", "N-merge")
def calls_an_act_a_merge(forger: Forger) -> str:
    """A merge of one history is no merge."""
    return _told(forger, "Svcdesk-Action: approve", "Svcdesk-Action: merge")


@forgery("kind", "requested", "N-init")
def founds_the_desk_again(forger: Forger) -> str:
    """At the founding no right is asked for."""
    step = approval(forger)
    return honest(forger, step, words=words(forger, step, kind="init"))
