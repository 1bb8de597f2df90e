"""Records that say more or other than their acts, and acts that were there before."""

from __future__ import annotations

from svcdesk import yamlio
from svcdesk.ids import path_of
from svcdesk.ids import register_of
from svcdesk.registers import REGISTERS
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forgeries.making import words
from tests.forging import Forger
from tests.worlds import author


def path(record: str) -> str:
    register = register_of(record, REGISTERS)
    assert register is not None
    return path_of(register, record)


def blob(forger: Forger, record: str) -> bytes:
    return forger.git("show", f"main:{path(record)}").encode() + b"\n"


def _edited(forger: Forger, old: str, new: str, record: str = "") -> dict[str, bytes | None]:
    """Return a record's file with a passage put in another's place."""
    name = record or forger.world.returned
    content = blob(forger, name)
    assert old.encode() in content
    return {path(name): content.replace(old.encode(), new.encode())}


def beside(forger: Forger, files: dict[str, bytes | None]) -> str:
    """Let files ride along in an honest commit."""
    return honest(forger, approval(forger), files=files)


@forgery("fold", "requested", "H20")
def edits_the_state(forger: Forger) -> str:
    """The state is changed in an editor."""
    files = _edited(forger, "state: requested", "state: approved", forger.world.requested)
    return forger.commit(forger.tree(files), "quick fix\n", world.NOW)


@forgery("fold", "requested", "H21")
def says_more_than_its_acts(forger: Forger) -> str:
    """An honest act, and in the same file another borrower than the acts name."""
    step = approval(forger)
    data = {**step.new.data, "borrower": forger.world.clerk}
    return honest(forger, step, files={path(forger.world.requested): yamlio.dump(data)})


@forgery("append-only", "returned", "H18")
def edits_an_act_of_a_closed_record(forger: Forger) -> str:
    """An old act and what follows from it are changed, in a commit about something else."""
    return beside(forger, _edited(forger, "inspection", "inspection of the roof"))


@forgery("append-only", "returned", "H18-signature")
def changes_who_signed_long_ago(forger: Forger) -> str:
    """A signature of an old act becomes another's."""
    return beside(forger, _edited(forger, f"staff: {forger.world.engineer}", f"staff: {forger.world.clerk}"))


@forgery("append-only", "returned", "H18-truncated")
def takes_the_last_act_back(forger: Forger) -> str:
    """A returned key is out again: its last act is gone."""
    acts = forger.record(forger.world.returned).acts
    commit = forger.git("rev-list", "main", "--", path(forger.world.returned)).splitlines()[1]
    assert len(forger.record(forger.world.returned, commit).acts) == len(acts) - 1
    former = forger.git("show", f"{commit}:{path(forger.world.returned)}").encode() + b"\n"
    return beside(forger, {path(forger.world.returned): former})


@forgery("append-only", "returned", "H19")
def deletes_a_slip(forger: Forger) -> str:
    """A slip is gone."""
    return forger.commit(forger.tree({path(forger.world.returned): None}), "tidy up\n", world.NOW)


@forgery("append-only", "returned", "H19-renumbered")
def gives_a_slip_another_number(forger: Forger) -> str:
    """A slip is deleted and stands under the next number."""
    moved = blob(forger, forger.world.returned).replace(
        forger.world.returned.encode(), forger.world.next_loan.encode()
    )
    files = {path(forger.world.returned): None, path(forger.world.next_loan): moved}
    return forger.commit(forger.tree(files), "renumber\n", world.NOW)


@forgery("append-only", "requested", "H18-twice")
def does_two_things_at_once(forger: Forger) -> str:
    """Two acts on one record in one commit."""
    first = approval(forger)
    withdrawal = forger.step(forger.world.requested, "withdraw", forger.world.head, world.NOW, old=first.new)
    files = {path(forger.world.requested): yamlio.dump(withdrawal.new.data)}
    return honest(forger, first, files=files)


@forgery("id", "next_loan", "N-id")
def gives_a_file_anothers_name(forger: Forger) -> str:
    """A file whose name and id differ."""
    return beside(forger, {path(forger.world.next_loan): blob(forger, forger.world.returned)})


@forgery("schema", "requested", "N-unknown-field")
def adds_a_field_of_his_own(forger: Forger) -> str:
    """A field that no schema knows."""
    step = approval(forger)
    data = {**step.new.data, "note": "it was urgent"}
    return honest(forger, step, files={path(forger.world.requested): yamlio.dump(data)})


@forgery("schema", "next_loan", "H41")
def writes_another_format(forger: Forger) -> str:
    """A record that says that it is of another format."""
    step = request(forger)
    data = {**step.new.data, "format": 2}
    return honest(forger, step, files={path(forger.world.next_loan): yamlio.dump(data)})


@forgery("known-action", "requested", "R16")
def invents_an_action(forger: Forger) -> str:
    """An action that the register does not know."""
    data = forger.record(forger.world.requested).data
    act = {"action": "wave-through", "at": world.NOW, "by": forger.world.head}
    files = {path(forger.world.requested): yamlio.dump({**data, "acts": [*data["acts"], act]})}
    return forger.commit(
        forger.tree(files),
        words(forger, approval(forger)).replace("approve", "wave-through"),
        world.NOW,
        author=author("head"),
    )


def _spoilt(forger: Forger, old: bytes, new: bytes) -> str:
    """Commit an honest approval whose file is written otherwise."""
    step = approval(forger)
    blob = yamlio.dump(step.new.data)
    assert old in blob
    return honest(forger, step, files={path(forger.world.requested): blob.replace(old, new)})


@forgery("canonical", "requested", "N-canonical")
def writes_quotes_of_his_own(forger: Forger) -> str:
    """The same content in another spelling."""
    return _spoilt(forger, b"state: approved", b'state: "approved"')


@forgery("yaml", "requested", "I4")
def says_a_thing_twice(forger: Forger) -> str:
    """A key twice, of which readers take one or the other."""
    return _spoilt(forger, b"state: approved\n", b"state: requested\nstate: approved\n")


@forgery("yaml", "requested", "I1")
def uses_an_anchor(forger: Forger) -> str:
    """An anchor and an alias."""
    return _spoilt(forger, b"purpose: inspection", b"purpose: &p inspection\nremark: *p")


@forgery("yaml", "requested", "N-markers")
def leaves_conflict_markers(forger: Forger) -> str:
    """What a merge by hand leaves behind."""
    marked = b"<<<<<<< ours\nstate: approved\n=======\nstate: refused\n>>>>>>> theirs\n"
    return _spoilt(forger, b"state: approved\n", marked)


@forgery("yaml", "requested", "I-invisible")
def writes_what_nobody_sees(forger: Forger) -> str:
    """A zero-width character within a value."""
    return _spoilt(forger, b"purpose: inspection", "purpose: inspec\u200btion".encode())


@forgery("yaml", "requested", "I-large")
def fills_a_record(forger: Forger) -> str:
    """A record larger than any reader should take."""
    return _spoilt(forger, b"purpose: inspection", b"purpose: " + b"x" * 300_000)


@forgery("message", "requested", "N-unnamed")
def changes_a_record_that_it_does_not_name(forger: Forger) -> str:
    """Two honest acts, of which the message names one."""
    first = approval(forger)
    second = forger.step(forger.world.approved, "withdraw", forger.world.head, world.NOW)
    return honest(forger, first, second, words=words(forger, first))


@forgery("footprint", "issued", "N-null")
def takes_a_value_away(forger: Forger) -> str:
    """An act that takes away what it was to add to: no rule expects that there is nothing."""
    step = forger.step(
        forger.world.issued, "explain-overdue", forger.world.clerk, world.NOW, sets={"causes": None}, ends=[]
    )
    return honest(forger, step)
