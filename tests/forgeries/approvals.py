"""Signatures given for others, twice, afterwards, or taken away."""

from __future__ import annotations

from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import borrowed
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forging import Forger


@forgery("approver-signs", "requested", "H24")
def approves_his_own_request(forger: Forger) -> str:
    """The clerk who asked approves."""
    return honest(forger, approval(forger, forger.world.clerk))


@forgery("approver-differs", "next_loan", "H24-own")
def approves_what_he_asked_for(forger: Forger) -> str:
    """A head who asked for a key approves it himself."""
    base = honest(forger, request(forger, by=forger.world.head))
    step = approval(forger, at=world.LATER, record=forger.world.next_loan, base=base)
    return honest(forger, step, base=base)


@forgery("approver-differs", "next_loan", "H24-corrected")
def approves_his_own_request_once_it_was_corrected(forger: Forger) -> str:
    """A correction ends the requester's signature; it was still he who asked."""
    base = honest(forger, request(forger, by=forger.world.head))
    correction = forger.step(
        forger.world.next_loan,
        "correct",
        forger.world.boss,
        world.LATER,
        base,
        sets={"purpose": "visit"},
        reason="typing",
    )
    base = honest(forger, correction, base=base)
    step = approval(forger, at="2026-11-22T12:20:00+08:00", record=forger.world.next_loan, base=base)
    return honest(forger, step, base=base)


@forgery("requester-withdraws", "requested", "N-withdraw-corrected")
def withdraws_a_request_once_it_was_corrected(forger: Forger) -> str:
    """The same by a colleague who did not ask."""
    sets = {"purpose": "visit"}
    correction = forger.step(
        forger.world.requested, "correct", forger.world.manager, world.NOW, sets=sets, reason="typing error"
    )
    base = honest(forger, correction)
    step = forger.step(forger.world.requested, "withdraw", forger.world.engineer, world.LATER, base)
    return honest(forger, step, base=base)


@forgery("approver-signs", "requested", "H10-attested")
def attests_an_approval(forger: Forger) -> str:
    """The clerk writes down that the head has approved."""
    step = approval(forger, forger.world.clerk, signed=[{"line": "approver", "staff": forger.world.head}])
    return honest(forger, step)


@forgery("approver-signs", "requested", "N-sign-for")
def signs_for_another(forger: Forger) -> str:
    """The same by a signature on the open line."""
    signed = [{"line": "approver", "staff": forger.world.head}]
    return honest(
        forger, forger.step(forger.world.requested, "sign", forger.world.clerk, world.NOW, signed=signed)
    )


@forgery("approver-signs", "approved", "N-twice")
def signs_a_line_twice(forger: Forger) -> str:
    """One signature stands for two."""
    signed = [{"line": "approver", "staff": forger.world.head}]
    return honest(
        forger, forger.step(forger.world.approved, "sign", forger.world.head, world.NOW, signed=signed)
    )


@forgery("known-line", "requested", "N-line")
def signs_a_line_that_there_is_not(forger: Forger) -> str:
    """A line that the register does not have."""
    signed = [{"line": "director", "staff": forger.world.head}]
    return honest(
        forger, forger.step(forger.world.requested, "sign", forger.world.head, world.NOW, signed=signed)
    )


@forgery("approver-signs", "requested", "N-unsigned")
def approves_without_signing(forger: Forger) -> str:
    """An approval that bears no signature."""
    return honest(forger, approval(forger, signed=[]))


@forgery("approver-signs", "next_loan", "H27")
def hands_out_before_the_approval(forger: Forger) -> str:
    """The key is handed out; the approval comes afterwards."""
    base = honest(forger, request(forger))
    step = forger.step(
        forger.world.next_loan, "issue", forger.world.clerk, world.LATER, base, signed=borrowed(forger)
    )
    base = honest(forger, step, base=base)
    signed = [{"line": "approver", "staff": forger.world.head}]
    late = forger.step(
        forger.world.next_loan, "sign", forger.world.head, "2026-11-22T12:20:00+08:00", base, signed=signed
    )
    return honest(forger, late, base=base)


@forgery("approver-signs", "approved", "H26-corrected")
def swaps_the_key_after_the_approval(forger: Forger) -> str:
    """The approved loan is corrected to another key, and handed out by the old approval."""
    correction = forger.step(
        forger.world.approved,
        "correct",
        forger.world.manager,
        world.NOW,
        sets={"key": forger.world.free_key},
        reason="another room",
    )
    base = honest(forger, correction)
    step = forger.step(
        forger.world.approved, "issue", forger.world.clerk, world.LATER, base, signed=borrowed(forger)
    )
    return honest(forger, step, base=base)


@forgery("footprint", "requested", "N-ends")
def takes_a_signature_away(forger: Forger) -> str:
    """A signature ends by an act that ends none: the requester's, so that another may withdraw."""
    step = approval(forger, ends=["requester"])
    return honest(forger, step)


@forgery("footprint", "requested", "N-state")
def carries_a_state_along(forger: Forger) -> str:
    """An act that names a state, which only an import does."""
    return honest(forger, approval(forger, state="issued"))


@forgery("transition", "returned", "H28-spent")
def uses_a_spent_approval(forger: Forger) -> str:
    """A loan that was returned is handed out again."""
    step = forger.step(forger.world.returned, "issue", forger.world.clerk, world.NOW, signed=borrowed(forger))
    return honest(forger, step)


@forgery("transition", "issued", "H20-closed")
def closes_without_the_act(forger: Forger) -> str:
    """A key that is out is refused, as if it had never gone."""
    step = forger.step(forger.world.issued, "refuse", forger.world.head, world.NOW, reason="tidy up")
    return honest(forger, step)


@forgery("one-holder-per-key", "next_loan", "C3")
def lends_a_key_that_is_out(forger: Forger) -> str:
    """A key is lent that somebody has."""
    base = honest(forger, request(forger, sets={"key": forger.world.lent_key}))
    base = honest(
        forger,
        approval(forger, at="2026-11-22T12:05:00+08:00", record=forger.world.next_loan, base=base),
        base=base,
    )
    step = forger.step(
        forger.world.next_loan, "issue", forger.world.clerk, world.LATER, base, signed=borrowed(forger)
    )
    return honest(forger, step, base=base)


@forgery("custodian-signs", "issued", "N-return-unsigned")
def takes_a_key_back_unsigned(forger: Forger) -> str:
    """A return that nobody has signed for."""
    return honest(forger, forger.step(forger.world.issued, "return", forger.world.clerk, world.NOW))


@forgery("custodian-differs", "next_loan", "H24-borrower")
def takes_back_what_he_borrowed(forger: Forger) -> str:
    """The borrower takes the key back from himself."""
    steps = (
        ("approve", forger.world.head, "12:01", [{"line": "approver", "staff": forger.world.head}]),
        ("issue", forger.world.clerk, "12:02", [{"line": "borrower", "staff": forger.world.clerk}]),
        ("return", forger.world.clerk, "12:03", [{"line": "custodian", "staff": forger.world.clerk}]),
    )
    base = honest(forger, request(forger, sets={"borrower": forger.world.clerk}))
    for action, by, clock, signed in steps:
        at = f"2026-11-22T{clock}:00+08:00"
        base = honest(
            forger, forger.step(forger.world.next_loan, action, by, at, base, signed=signed), base=base
        )
    return base


@forgery("correct-from-above", "requested", "N-correct")
def corrects_his_own_entry(forger: Forger) -> str:
    """Who entered a loan corrects it himself."""
    step = forger.step(
        forger.world.requested,
        "correct",
        forger.world.clerk,
        world.NOW,
        sets={"purpose": "visit"},
        reason="typing error",
    )
    return honest(forger, step)


@forgery("footprint", "requested", "N-correct-state")
def corrects_the_borrowers_signature(forger: Forger) -> str:
    """A correction of a field that no form has set."""
    step = forger.step(
        forger.world.requested,
        "correct",
        forger.world.manager,
        world.NOW,
        sets={"remark": "approved"},
        reason="as discussed",
    )
    return honest(forger, step)


@forgery("correct-form", "requested", "N-reason")
def corrects_without_a_reason(forger: Forger) -> str:
    """A correction that says no why."""
    step = forger.step(
        forger.world.requested, "correct", forger.world.manager, world.NOW, sets={"purpose": "visit"}
    )
    return honest(forger, step)


@forgery("void-without-dependents", "lent_key", "N-void")
def declares_void_what_others_rest_on(forger: Forger) -> str:
    """A key that is lent is void."""
    step = forger.step(
        forger.world.lent_key, "void", forger.world.manager, world.NOW, reason="entered by mistake"
    )
    return honest(forger, step)


@forgery("void-without-dependents", "issued", "N-void-out")
def declares_a_loan_void_whose_key_is_out(forger: Forger) -> str:
    """A loan is void while its key is out: nobody would look for it."""
    step = forger.step(
        forger.world.issued, "void", forger.world.manager, world.NOW, reason="entered by mistake"
    )
    return honest(forger, step)


@forgery("requester-withdraws", "requested", "N-withdraw")
def withdraws_anothers_request(forger: Forger) -> str:
    """A colleague takes back what he did not ask for."""
    return honest(forger, forger.step(forger.world.requested, "withdraw", forger.world.manager, world.NOW))


@forgery("footprint", "requested", "N-footprint")
def sets_more_than_the_action(forger: Forger) -> str:
    """An approval that changes when the key is due."""
    return honest(forger, approval(forger, sets={"due": "2026-11-30T18:00:00+08:00"}))
