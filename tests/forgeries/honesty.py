"""What honest people push, made with plain git all the same: nothing of it may be refused."""

from __future__ import annotations

from dataclasses import replace

from tests.forgeries import world
from tests.forgeries.catalogue import Forge
from tests.forgeries.evading import signed_merge
from tests.forgeries.identity import contact
from tests.forgeries.imports import honest_import
from tests.forgeries.making import approval
from tests.forgeries.making import borrowed
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forgeries.merges import honest_merge
from tests.forgeries.people import added
from tests.forgeries.people import appointed
from tests.forgeries.policy import approved
from tests.forgeries.policy import proposed
from tests.forgeries.signatures import by_key
from tests.forgeries.signatures import keyed
from tests.forgeries.signatures import must_be_signed
from tests.forgeries.touching import reinstated
from tests.forgeries.touching import swapped
from tests.forging import Forger


def one_act(forger: Forger) -> str:
    """A loan is approved."""
    return honest(forger, approval(forger))


def several_acts(forger: Forger) -> str:
    """A key is asked for, granted, handed out and taken back."""
    steps = (
        ("approve", forger.world.head, "12:01", [{"line": "approver", "staff": forger.world.head}]),
        ("issue", forger.world.clerk, "12:02", borrowed(forger)),
        ("return", forger.world.clerk, "12:03", [{"line": "custodian", "staff": forger.world.clerk}]),
    )
    base = honest(forger, request(forger))
    for action, by, clock, signed in steps:
        at = f"2026-11-22T{clock}:00+08:00"
        base = honest(
            forger, forger.step(forger.world.next_loan, action, by, at, base, signed=signed), base=base
        )
    return base


def an_act_in_the_second_of_another(forger: Forger) -> str:
    """Two acts are entered in one second."""
    base = honest(forger, request(forger))
    return honest(forger, approval(forger, base=base), base=base)


def a_late_entry(forger: Forger) -> str:
    """What happened an hour ago is entered now."""
    return honest(forger, approval(forger, at="2026-11-22T11:00:00+08:00", entered=world.NOW))


def a_refusal_with_its_reason(forger: Forger) -> str:
    """A loan is refused; the reason stands in the message."""
    return honest(
        forger,
        forger.step(
            forger.world.requested, "refuse", forger.world.head, world.NOW, reason="the room\n\nis closed"
        ),
    )


def a_withdrawal(forger: Forger) -> str:
    """The requester takes his request back."""
    return honest(forger, forger.step(forger.world.requested, "withdraw", forger.world.clerk, world.NOW))


def a_correction(forger: Forger) -> str:
    """The manager corrects what the clerk entered."""
    sets = {"purpose": "visit of the fire brigade"}
    step = forger.step(
        forger.world.requested, "correct", forger.world.manager, world.NOW, sets=sets, reason="typing error"
    )
    return honest(forger, step)


def a_void(forger: Forger) -> str:
    """A request that was entered by mistake is void."""
    return honest(
        forger, forger.step(forger.world.requested, "void", forger.world.manager, world.NOW, reason="twice")
    )


def an_address_of_his_own(forger: Forger) -> str:
    """The clerk enters a second address, and commits from it, in capitals."""
    emails = ["clerk@example.org", "chen@example.org"]
    base = honest(forger, contact(forger, forger.world.clerk, forger.world.clerk, emails=emails))
    author = "Clerk Chen <Chen@Example.org>"
    return honest(forger, request(forger, at=world.LATER), base=base, author=author)


def a_policy(forger: Forger) -> str:
    """A setting is proposed by one who keeps the desk and approved by the other."""
    base = honest(forger, proposed(forger, forger.world.admin))
    return honest(
        forger,
        approved(forger, forger.world.keeper, world.LATER, forger.world.next_setting, base=base),
        base=base,
    )


def a_new_colleague(forger: Forger) -> str:
    """Somebody is entered, seconded by the other who keeps the desk, and approves a loan."""
    base = honest(forger, added(forger, forger.world.admin))
    signed = [{"line": "second", "staff": forger.world.keeper}]
    second = forger.step(
        forger.world.new_person, "sign", forger.world.keeper, world.LATER, base, signed=signed
    )
    base = by_key(forger, "keeper", second, base=base)
    step = approval(forger, forger.world.new_person, "2026-11-22T12:20:00+08:00", base=base)
    return honest(forger, step, base=base, author="Nobody Ni <nobody@example.org>")


def a_second_post(forger: Forger) -> str:
    """A colleague gets one more post."""
    return honest(forger, appointed(forger, forger.world.admin, forger.world.clerk))


def a_colleague_who_leaves(forger: Forger) -> str:
    """One of the two who keep the desk leaves by his own act."""
    step = forger.step(
        forger.world.keeper, "leave", forger.world.keeper, world.NOW, reason="found another place"
    )
    return honest(forger, step)


def one_who_comes_back(forger: Forger) -> str:
    """A suspension ends, and he acts again."""
    base = honest(forger, forger.step(forger.world.sleeper, "reinstate", forger.world.admin, world.NOW))
    return honest(forger, approval(forger, forger.world.sleeper, world.LATER, base=base), base=base)


def a_swap(forger: Forger) -> str:
    """A swap is approved, and stands in the roster by the same commit."""
    base = reinstated(forger)
    return honest(forger, *swapped(forger, base), base=base)


def an_import(forger: Forger) -> str:
    """A sheet is proposed, signed and taken over."""
    return honest_import(forger)


def a_merge(forger: Forger) -> str:
    """Two who were offline: the acts of both."""
    return honest_merge(forger)


def a_signed_merge(forger: Forger) -> str:
    """Two who were offline where every act is signed: the acts of both, and who joins them signs too."""
    return signed_merge(forger)


def a_second_station(forger: Forger) -> str:
    """Another clone claims a letter and numbers under it."""
    claim = forger.step("ST-Q0001", "claim", forger.world.clerk, world.NOW, sets={"letter": "Q"}, new=True)
    base = honest(forger, claim)
    return honest(forger, request(forger, "KL2611-Q0001", world.LATER), base=base)


def a_reference(forger: Forger) -> str:
    """What another system gave a number, which no other record has."""
    return honest(forger, request(forger, ref="order 66"))


def a_signed_act(forger: Forger) -> str:
    """An approval signed with the approver's own key, where the policy asks for it; the key is handed out."""
    base = must_be_signed(forger)
    base = by_key(forger, "head", approval(forger, base=base), base=base)
    step = forger.step(
        forger.world.requested, "issue", forger.world.clerk, world.LATER, base, signed=borrowed(forger)
    )
    return honest(forger, step, base=base)


def a_further_key(forger: Forger) -> str:
    """A key entered with the one held, and seconded with another's."""
    people = forger.world
    base = by_key(forger, "clerk", keyed(forger, "add-key", people.clerk, people.clerk, world.STRANGER))
    signed = [{"line": "second", "staff": people.keeper}]
    step = forger.step(people.clerk, "sign", people.keeper, world.LATER, base, signed=signed)
    return by_key(forger, "keeper", step, base=base)


def a_lost_key(forger: Forger) -> str:
    """One who keeps the desk ends the key of another, who enters a new one himself."""
    people = forger.world
    step = keyed(forger, "retire-key", people.keeper, people.clerk, "clerk")
    base = by_key(forger, "keeper", step)
    step = keyed(forger, "add-key", people.clerk, people.clerk, world.STRANGER, base=base, at=world.LATER)
    return honest(replace(forger, keys=None), step, base=base)


HONEST: tuple[Forge, ...] = (
    one_act,
    several_acts,
    an_act_in_the_second_of_another,
    a_late_entry,
    a_refusal_with_its_reason,
    a_withdrawal,
    a_correction,
    a_void,
    an_address_of_his_own,
    a_policy,
    a_new_colleague,
    a_second_post,
    a_colleague_who_leaves,
    one_who_comes_back,
    a_swap,
    an_import,
    a_merge,
    a_signed_merge,
    a_second_station,
    a_reference,
    a_signed_act,
    a_further_key,
    a_lost_key,
)
