"""Unit keys handed to an owner (单元钥匙交接单), and keys that he entrusts sealed (钥匙托管)."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.declared import Action
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.feeds import Hold
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import conflicting_holds
from svcdesk.rules import signers

DESK = Who(setting="key-handover.desk", clauses=("CS13-3#1",))
CUSTOMER = Who(customer=True)
NOTICE = "move-in-notice"
CUSTOMER_LINES = {"inspect": "customer-inspection", "hand-over": "customer", "entrust": "depositor"}


@act_rule("CS3-A1#1", actions=("hand-over",))
def move_in_notice_was_received(step: Step, books: Books) -> Iterator[Text]:
    """Unit keys are handed over only after the move-in notice has arrived."""
    kinds = [paper["kind"] for act in step.new.acts for paper in act.get("papers", ())]
    if NOTICE not in kinds:
        yield text("no paper {paper} is entered; add it with --paper", paper=NOTICE)


@act_rule("CS3-A1#2", actions=("hand-over",))
def unit_was_inspected_together(step: Step, books: Books) -> Iterator[Text]:
    """Assistant and customer inspect and accept the unit together before the keys are handed over."""
    found = step.new.get("inspection")
    if found is None:
        yield text("the unit was not inspected; inspect comes first")
    elif found == "refused":
        yield text("the customer did not accept the unit; inspect again once it is put right")


@act_rule("CS3-A1#3", actions=tuple(CUSTOMER_LINES))
def customer_of_the_unit_signs(step: Step, books: Books) -> Iterator[Text]:
    """The sheet is signed by the customer whose unit it is."""
    for signer in signers(step.new, CUSTOMER_LINES[step.action]):
        if signer != step.new["customer"]:
            yield text(
                "{signer} signed, the customer is {customer}", signer=signer, customer=step.new["customer"]
            )


@act_rule(actions=("hand-over",))
def pieces_are_those_prepared(step: Step, books: Books) -> Iterator[Text]:
    """As many pieces are handed over as were prepared, or a remark says why not."""
    prepared = step.old.get("pieces") if step.old else None
    given = step.sets.get("pieces")
    if prepared is not None and given != prepared and not step.sets.get("remark"):
        yield text(
            "{given} handed over, {prepared} prepared; it needs a remark", given=given, prepared=prepared
        )


@act_rule("CS3-A2#2", actions=("entrust",))
def each_key_is_sealed_by_itself(step: Step, books: Books) -> Iterator[Text]:
    """Each key that is sealed is one of this sheet, not sealed before, and has a seal of its own."""
    before = step.old.get("seals", ()) if step.old else ()
    keys, seals = {row["key"] for row in before}, {row["seal"] for row in before}
    for row in step.sets.get("seals", ()):
        if row["key"] not in step.new["keys"]:
            yield text("{key} is not on this sheet", key=row["key"])
        if row["key"] in keys:
            yield text("{key} is sealed already", key=row["key"])
        if row["seal"] in seals:
            yield text("seal {seal} is on another key", seal=row["seal"])
        keys.add(row["key"])
        seals.add(row["seal"])


@act_rule(actions=("hand-over", "entrust"), fixed=True)
def key_is_nowhere_else(step: Step, books: Books) -> Iterator[Text]:
    """A key that goes to the owner, or under seal, is with nobody else."""
    own = books.get(step.new.id) or step.new
    if own.state == "void":
        return
    for key in step.new["keys"]:
        held = [hold for hold in custody(own) if hold.thing == key]
        until = held[-1].until if held else None
        for hold in conflicting_holds(key, step.at, until, own.id, books, ("unsealed",)):
            yield text(
                "{key} is {status} since {since} ({record})",
                key=key,
                status=hold.status,
                since=hold.since,
                record=hold.record,
            )


def custody(sheet: Record) -> Iterator[Hold]:
    """Each key is with the owner from the hand-over on, or sealed while it is entrusted."""
    for key in sheet.get("keys", ()):
        status, since = "", ""
        for act in sheet.acts:
            after = _status_after(act, key, status)
            if after != status:
                if status:
                    yield _hold(sheet, key, status, since, act["at"])
                status, since = after, act["at"]
        if status:
            yield _hold(sheet, key, status, since, None)


def _status_after(act: Act, key: str, status: str) -> str:
    """Return where an act leaves a key: with the owner, sealed, or (empty) with the desk."""
    name = act.get("state", act["action"])
    if name in ("hand-over", "handed-over"):
        return "handed-to-owner"
    if name in ("entrust", "sealed"):
        return "sealed" if key in [row["key"] for row in act["sets"].get("seals", ())] else status
    if name == "release":
        return "handed-to-owner" if status == "sealed" else status
    return "" if name == "take-back" else status


def _hold(sheet: Record, key: str, status: str, since: str, until: str | None) -> Hold:
    holder = sheet["customer"] if status == "handed-to-owner" else ""
    return Hold(key, holder, status, since, until, sheet.id)


def case(sheet: Record) -> Case | None:
    """A sheet is open until the keys are handed over or sealed."""
    if sheet.state in ("prepared", "inspected"):
        return Case(sheet.id, str(sheet.acts[0]["by"]), sheet.opened, None)
    return None


REGISTER = Register(
    name="key-handover",
    prefix="KH",
    title="Unit key handovers",
    area="key",
    book="handover",
    columns=("id", "state", "unit", "customer", "keys"),
    lines=(
        Line("inspector", "inspecting assistant", clauses=("CS3-A1#2",)),
        Line(
            "customer-inspection",
            "inspecting customer",
            CUSTOMER,
            assurance="attested",
            clauses=("CS3-A1#2",),
        ),
        Line("assistant", "assistant", clauses=("CS3-A1#3",)),
        Line("customer", "receiving customer", CUSTOMER, assurance="attested", clauses=("CS3-A1#3",)),
        Line("sealer", "sealing assistant"),
        Line("depositor", "entrusting customer", CUSTOMER, assurance="attested", clauses=("CS3-A2#1",)),
    ),
    actions=(
        Action(
            "prepare",
            "Open the sheet for a unit's keys.",
            to="prepared",
            needs=("unit", "customer", "keys"),
            takes=("pieces",),
            may=DESK,
        ),
        Action(
            "inspect",
            "Enter the joint inspection of the unit.",
            to="inspected",
            source=("prepared", "inspected"),
            needs=("inspection",),
            takes=("defects",),
            may=DESK,
            signs="inspector",
            lines=("customer-inspection",),
            ends=("inspector", "customer-inspection"),
            clauses=("CS3-A1#2",),
        ),
        Action(
            "hand-over",
            "Hand the keys to the owner.",
            to="handed-over",
            source=("prepared", "inspected"),
            needs=("pieces",),
            takes=("remark",),
            may=DESK,
            signs="assistant",
            lines=("customer",),
            clauses=("CS3-A1#3", "CS13-3#1"),
        ),
        Action(
            "entrust",
            "Seal keys that the owner entrusts.",
            to="sealed",
            source=("prepared", "inspected", "handed-over", "sealed"),
            needs=("seals",),
            adds=("seals",),
            may=DESK,
            signs="sealer",
            lines=("depositor",),
            ends=("sealer", "depositor"),
            papers=("entrustment",),
            clauses=("CS3-A2#1",),
        ),
        Action(
            "release",
            "Give the sealed keys back to the owner.",
            to="handed-over",
            source=("sealed",),
            may=DESK,
            signs="assistant",
            lines=("customer",),
            ends=("assistant", "customer"),
            clauses=("CS3-A1#3",),
        ),
        Action(
            "take-back",
            "Take the keys back from an owner who leaves.",
            to="returned",
            source=("handed-over",),
            may=DESK,
        ),
    ),
    rules=(
        move_in_notice_was_received,
        unit_was_inspected_together,
        customer_of_the_unit_signs,
        pieces_are_those_prepared,
        each_key_is_sealed_by_itself,
        key_is_nowhere_else,
    ),
    feeds=Feeds(custody=custody, case=case),
    settings={
        "key-handover.desk": Setting(
            ["cs-assistant", "receptionist"],
            "Posts that inspect units, hand their keys to owners and seal entrusted keys.",
            ("CS13-3#1",),
        ),
    },
    final=("returned",),
)
