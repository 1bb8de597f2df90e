"""What must hold before the relief accepts: written, read, marked, counted, asked, answered. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.handover_settings import checklist
from svcdesk.registers.handover_settings import item_term
from svcdesk.registers.handover_snapshot import last_counts

MAIL = ("letters", "newspapers", "magazines")


@act_rule("CS4-1.3", actions=("accept",))
def progress_is_written_down(step: Step, books: Books) -> Iterator[Text]:
    """The progress of the shift is recorded in detail for the relief."""
    if not step.new.get("progress"):
        yield text("the progress of the shift is not written down; write --progress does it")


@act_rule("CS4-1.4", actions=("accept",))
def work_diary_is_read(step: Step, books: Books) -> Iterator[Text]:
    """The relief has read the work diary."""
    if step.new.get("read") is not True:
        yield text("the relief has not read the work diary; accept --read says so")


@act_rule("CS4-1.5#2", actions=("accept",))
def equipment_was_seen_by_both(step: Step, books: Books) -> Iterator[Text]:
    """Both have looked at things together, the running state of the equipment included."""
    if step.new["kind"] in ("department", "duty") and not step.new.get("equipment"):
        yield text("the running state of the equipment is not written down; write --equipment does it")


@act_rule("CS4-1.7", actions=("accept",))
def relief_has_no_open_doubt(step: Step, books: Books) -> Iterator[Text]:
    """A handover is complete only when every question of the relief is answered."""
    answered = len(step.new.get("answers", ()))
    for number, question in enumerate(step.new.get("questions", ()), 1):
        if number > answered:
            yield text("question {number} is not answered: {question}", number=number, question=question)


@act_rule("CS4-1.7", actions=("accept",), fixed=True)
def count_agrees_or_both_explain_it(step: Step, books: Books) -> Iterator[Text]:
    """Nothing is accepted while a count differs from the books, unless both sign the variance with its reason."""
    for (what, place, lot), (found, expected) in last_counts(step.new).items():
        if found != expected and not step.new.get("variance"):
            where = " ".join(filter(None, (what, place, lot)))
            yield text(
                "{what}: {found} counted, {expected} by the books; write --variance gives the reason for both to sign",
                what=where,
                found=found,
                expected=expected,
            )


@act_rule("CS4-2.1#1", actions=("accept",))
def every_item_is_marked(step: Step, books: Books) -> Iterator[Text]:
    """Each item of the checklist is marked normal or abnormal."""
    marked = {row["item"] for row in step.new.get("checks", ())}
    for item in checklist(step.new["kind"], step.new.get("post", ""), step.new.opened, books):
        if item not in marked:
            yield text("{item} is not marked; write --check 'item={item},mark=…' does it", item=item_term(item))


@act_rule("CS4-3.1#2", actions=("accept",))
def report_became_a_complaint(step: Step, books: Books) -> Iterator[Text]:
    """What customers reported to security after hours has become complaints before the office accepts."""
    for number in untaken(step.new):
        yield text("report {number} is not a complaint yet; take-over makes it one", number=number)


def untaken(handover: Record) -> list[int]:
    """Return the numbers of the after-hours reports that have not become complaints."""
    taken = {row["report"] for row in handover.get("taken_over", ())}
    return [number for number, _ in enumerate(handover.get("reports", ()), 1) if number not in taken]


@act_rule("CS7-5#2", actions=("accept",))
def front_desk_items_are_listed(step: Step, books: Books) -> Iterator[Text]:
    """The things of the front desk are handed over one by one."""
    if step.new["kind"] == "front-desk" and not step.new.get("items"):
        yield text("no front-desk item is listed; write --item does it")


@act_rule("CS7-6", actions=("accept",))
def mail_is_counted(step: Step, books: Books) -> Iterator[Text]:
    """Undelivered letters, newspapers and magazines of owners are counted together with the relief."""
    counted = {row["kind"] for row in step.new.get("mail", ())}
    for kind in MAIL if step.new["kind"] == "front-desk" else ():
        if kind not in counted:
            yield text("{kind} not counted; write --mail 'kind={kind},quantity=…' does it", kind=kind)


@act_rule(actions=("take-over",), fixed=True)
def complaint_is_the_one_reported(step: Step, books: Books) -> Iterator[Text]:
    """A report is taken over once, by a complaint that names this handover and says what was reported."""
    before = set() if step.old is None else {row["report"] for row in step.old.get("taken_over", ())}
    reports = step.new.get("reports", ())
    for row in step.sets.get("taken_over", ()):
        number, complaint = row["report"], books.get(row["complaint"])
        if number in before or number > len(reports):
            yield text("there is no report {number} to take over", number=number)
        elif complaint is None or complaint.acts[0].get("sets", {}).get("handover") != step.new.id:
            yield text("{complaint} does not name {record}", complaint=row["complaint"], record=step.new.id)
        elif complaint.acts[0]["sets"].get("content") != reports[number - 1]["content"]:
            yield text("{complaint} does not say what was reported", complaint=row["complaint"])
        before.add(number)


RULES = (
    progress_is_written_down,
    work_diary_is_read,
    equipment_was_seen_by_both,
    relief_has_no_open_doubt,
    count_agrees_or_both_explain_it,
    every_item_is_marked,
    report_became_a_complaint,
    front_desk_items_are_listed,
    mail_is_counted,
    complaint_is_the_one_reported,
)
