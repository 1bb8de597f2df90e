"""What must hold while a handover is written, counted, asked about, refused and left. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.feeds import Books
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.handover_settings import WITH_REASON
from svcdesk.registers.handover_settings import checklist
from svcdesk.registers.handover_settings import item_term
from svcdesk.registers.handover_snapshot import is_rostered
from svcdesk.registers.handover_snapshot import last_counts
from svcdesk.registers.handover_snapshot import unsettled
from svcdesk.rules import SECURITY
from svcdesk.rules import is_above

SIDES = {"outgoing": "outgoing person", "incoming": "relief"}
"""line: who signs it."""

RELIEF_ACTS = ("ask", "refuse", "accept", "take-over")


@act_rule("CS4-2.3#1", "CS4-4.2#1", actions=("open",), fixed=True)
def relief_is_somebody_else(step: Step, books: Books) -> Iterator[Text]:
    """Nobody hands over to himself: outgoing and incoming person are two."""
    if step.new["incoming"] == step.new["outgoing"]:
        yield text("{person} is the outgoing person; somebody else takes over", person=step.new["outgoing"])


@act_rule("CS4-2.3#1", "CS4-4.2#1", actions=("open", "sign", "accept"), fixed=True)
def each_side_signs_for_itself(step: Step, books: Books) -> Iterator[Text]:
    """The outgoing person signs as outgoing, the relief as incoming, and nobody in their place."""
    for line in SIDES:
        for each in step.new.signatures(line):
            if each.signer != step.new[line]:
                yield text(
                    "{signer} signed as {line}; that is {person}",
                    signer=each.signer,
                    line=Term(line, "line", SIDES[line]),
                    person=step.new[line],
                )


@act_rule(actions=RELIEF_ACTS, fixed=True)
def relief_acts_for_itself(step: Step, books: Books) -> Iterator[Text]:
    """Only the relief asks, refuses, accepts and takes reports over."""
    if step.actor != step.new["incoming"]:
        yield text(
            "{actor} is not the relief; that is {person}", actor=step.actor, person=step.new["incoming"]
        )


@act_rule(actions=("answer", "leave"), fixed=True)
def outgoing_person_acts_for_himself(step: Step, books: Books) -> Iterator[Text]:
    """Only the outgoing person answers the relief, and goes off."""
    if step.actor != step.new["outgoing"]:
        yield text(
            "{actor} is not the outgoing person; that is {person}",
            actor=step.actor,
            person=step.new["outgoing"],
        )


@act_rule("CS7-8", actions=("open",))
def front_desk_writes_its_own_log(step: Step, books: Books) -> Iterator[Text]:
    """What the front desk hands over is written in the front-desk log."""
    desk = frozenset(books.setting("handover.front-desk", step.at))
    if step.new.get("post") in desk and step.new["kind"] not in ("front-desk", "security"):
        yield text(
            "{post} hands over at the front desk; the kind is {kind}, front-desk is needed",
            post=step.new["post"],
            kind=step.new["kind"],
        )


@act_rule(actions=("open",))
def security_is_on_one_side(step: Step, books: Books) -> Iterator[Text]:
    """A handover with security has security on one side and another department on the other."""
    if step.new["kind"] != "security":
        return
    sides = [
        bool(books.posts(step.new[line], step.at) & frozenset(SECURITY)) for line in ("outgoing", "incoming")
    ]
    if sides[0] == sides[1]:
        yield text(
            "{outgoing} and {incoming} are on the same side; one of them is of security",
            outgoing=step.new["outgoing"],
            incoming=step.new["incoming"],
        )


@act_rule(actions=("open",))
def department_is_that_of_the_outgoing_person(step: Step, books: Books) -> Iterator[Text]:
    """A person hands over for a department of his own, in a post of his own."""
    person, department, post = step.new["outgoing"], step.new["department"], step.new.get("post")
    if department not in books.departments(person, step.at):
        yield text("{person} holds no post in {department}", person=person, department=department)
    on_duty = (each for each in books.on_duty(step.at, known=step.entered) if each.person == person)
    standing = {each.post for each in on_duty if is_rostered(each, books)}
    if post and post not in books.posts(person, step.at) | standing:
        yield text("{person} is not {post}", person=person, post=post)


@act_rule("CS4-2.1+", actions=("open", "write"))
def abnormal_item_has_a_remark(step: Step, books: Books) -> Iterator[Text]:
    """An item that is not as it should be carries a remark."""
    for row in step.sets.get("checks", ()):
        if row["mark"] == "abnormal" and not row.get("remark"):
            yield text("{item} is abnormal; a remark is needed", item=item_term(row["item"]))


@act_rule(actions=("open", "write"))
def marked_item_is_on_the_checklist(step: Step, books: Books) -> Iterator[Text]:
    """What is marked is an item of the checklist for this kind of handover and post."""
    known = checklist(step.new["kind"], step.new.get("post", ""), step.new.opened, books)
    for row in step.sets.get("checks", ()):
        if row["item"] not in known:
            yield text(
                "{item} is not on the checklist; there are {items}",
                item=item_term(row["item"]),
                items=tuple(map(item_term, known)) or "-",
            )


@act_rule("CS15-2.7#3", actions=("open", "write"))
def carried_item_says_why_who_and_when(step: Step, books: Books) -> Iterator[Text]:
    """Unsolved work passes to the next shift only with a reason, an owner and a due time."""
    if books.setting("handover.carry-over", step.at) != WITH_REASON:
        return
    for row in step.sets.get("carried", ()):
        missing = [name for name in ("reason", "owner", "due") if not row.get(name)]
        if missing:
            yield text(
                "{what}: {missing} missing; carried-over work needs reason, owner and due time",
                what=row["what"],
                missing=", ".join(missing),
            )


@act_rule(actions=("count",))
def second_count_has_a_reason(step: Step, books: Books) -> Iterator[Text]:
    """What was counted once is counted again only with a reason; the first count stays on the page."""
    counted = {key[0] for key in last_counts(step.old)} if step.old else set()
    for row in step.sets["counted"]:
        if row["what"] in counted and not step.act.get("reason"):
            yield text("{what} was counted already; counting again needs a reason", what=row["what"])


@act_rule(actions=("answer",))
def answer_has_a_question(step: Step, books: Books) -> Iterator[Text]:
    """Each answer belongs to a question that was asked."""
    asked, answered = len(step.new.get("questions", ())), len(step.new.get("answers", ()))
    if answered > asked:
        yield text("{answered} answers to {asked} questions", answered=answered, asked=asked)


@act_rule("CS4-1.6#3", actions=("decide",))
def superior_decides(step: Step, books: Books) -> Iterator[Text]:
    """A refused handover is decided on by the superior, or by somebody above him."""
    superior = step.new.get("superior", "")
    sides = (step.new["outgoing"], step.new["incoming"])
    if superior:
        right = step.actor == superior or is_above(step.actor, superior, step.entered, books)
    else:
        right = all(is_above(step.actor, each, step.entered, books) for each in sides)
    if not right or step.actor in sides:
        yield text(
            "{actor} may not decide; the refusal went to {superior}", actor=step.actor, superior=superior
        )


@act_rule("CS4-1.2#1", "CS15-2.4", actions=("leave",))
def relief_has_come(step: Step, books: Books) -> Iterator[Text]:
    """The outgoing person does not leave before the relief has come."""
    if not _has_come(step):
        yield text(
            "{person} has not come; nobody else may be left with the post", person=step.new["incoming"]
        )


@act_rule("CS4-1.2#2", "CS7-5#1", "GC-u-9.13#2", actions=("leave",))
def take_over_is_finished(step: Step, books: Books) -> Iterator[Text]:
    """The outgoing person does not leave before the relief has checked and accepted what is handed over."""
    if _has_come(step) and step.new.state not in ("accepted", "reviewed"):
        yield text(
            "{record} is {state}; {person} has not accepted it",
            record=step.new.id,
            state=Term(step.new.state, "state", register=step.new.register),
            person=step.new["incoming"],
        )


def _has_come(step: Step) -> bool:
    """Tell whether the relief has done anything on the handover."""
    return any(act["by"] == step.new["incoming"] for act in step.new.acts)


@act_rule("CS4-3.3", actions=("tell",))
def matter_is_reported_upwards(step: Step, books: Books) -> Iterator[Text]:
    """An urgent matter is reported by each side to somebody above."""
    if not step.new.get("urgent"):
        yield text("no urgent matter is entered; write --matter comes first")
    if step.actor not in (step.new["outgoing"], step.new["incoming"]):
        yield text("{actor} neither hands over nor takes over", actor=step.actor)
    for person in step.sets.get("told", ()):
        if books.rank(person, step.at) <= books.rank(step.actor, step.at):
            yield text("{person} is not above {actor}", person=person, actor=step.actor)


@act_rule(actions=("settle",))
def settled_item_is_open(step: Step, books: Books) -> Iterator[Text]:
    """What is settled was carried over by this handover and is still open."""
    known = {number for number, _item in unsettled(step.old)} if step.old else set()
    for row in step.sets.get("settled", ()):
        if row["number"] not in known:
            yield text(
                "{record} carries no open item {number}; there are {numbers}",
                record=step.new.id,
                number=row["number"],
                numbers=", ".join(map(str, sorted(known))) or "-",
            )


@act_rule("CS4-3.1#2", actions=("open", "write"))
def report_was_received_before(step: Step, books: Books) -> Iterator[Text]:
    """What customers reported after hours is written down in detail: when it came in, and how to reach them."""
    for number, row in enumerate(step.sets.get("reports", ()), 1):
        if before(step.at, row["received"]):
            yield text(
                "report {number} is dated {received}, after this", number=number, received=row["received"]
            )
        known = books.get(row["customer"]) if row.get("customer") else None
        if not (row.get("contact") or (known and known.get("contact"))):
            yield text("report {number}: who reported it cannot be reached; contact is needed", number=number)


RULES = (
    relief_is_somebody_else,
    each_side_signs_for_itself,
    relief_acts_for_itself,
    outgoing_person_acts_for_himself,
    front_desk_writes_its_own_log,
    security_is_on_one_side,
    department_is_that_of_the_outgoing_person,
    abnormal_item_has_a_remark,
    marked_item_is_on_the_checklist,
    carried_item_says_why_who_and_when,
    second_count_has_a_reason,
    answer_has_a_question,
    superior_decides,
    relief_has_come,
    take_over_is_finished,
    matter_is_reported_upwards,
    settled_item_is_open,
    report_was_received_before,
)
