"""Additional and replacement keys (钥匙增补记录): never a copy without authority, nor before the loss is on record."""

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
from svcdesk.feeds import Hold
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import KEY_DESK
from svcdesk.rules import SECURITY
from svcdesk.rules import loss_recorded
from svcdesk.rules import since

ENGINEERING = "engineering"
"""Code of the department that cuts keys."""


@act_rule("CS13-5.1#3", actions=("order",))
def cut_only_after_the_loss_record(step: Step, books: Books) -> Iterator[Text]:
    """Engineering is told to cut a key for a lost one only after the loss is on record."""
    if step.new["cause"] != "lost":
        return
    incident = books.get(step.new.get("incident", ""))
    if incident is None or not loss_recorded(incident.id, step.at, books):
        yield text(
            "no loss of {key} is on record by {at}; name its incident", key=step.new["key"], at=step.at
        )
    elif incident["key"] != step.new["key"]:
        yield text("{record} is about {key}", record=incident.id, key=incident["key"])


@act_rule(actions=("order",))
def engineering_cuts_it(step: Step, books: Books) -> Iterator[Text]:
    """Keys are cut by engineering."""
    if ENGINEERING not in books.departments(step.new["engineer"], step.at):
        yield text("{engineer} is not in engineering", engineer=step.new["engineer"])


@act_rule("CS13-4.2#3", actions=("cut",))
def every_copy_is_entered(step: Step, books: Books) -> Iterator[Text]:
    """As many keys are cut as were authorised, and each is entered in the key register."""
    cut = len(step.new["new_keys"])
    if cut != step.new["quantity"]:
        yield text("{cut} keys are named, {quantity} were authorised", cut=cut, quantity=step.new["quantity"])
    if step.new["key"] in step.new["new_keys"]:
        yield text("{key} is the old key; enter the new one as a key of its own", key=step.new["key"])


def custody(recut: Record) -> Iterator[Hold]:
    """A key that was cut anew is replaced from the delivery on; what was cut is with the cutter until then."""
    cut, delivered = recut.last("cut"), since(recut, "delivered", "deliver")
    for key in recut.get("new_keys", ()) if cut else ():
        yield Hold(key, recut["engineer"], "in-custody", str(cut["at"]) if cut else "", delivered, recut.id)
    if delivered and recut["cause"] != "additional":
        yield Hold(recut["key"], "", "replaced", delivered, None, recut.id)


REGISTER = Register(
    name="key-recut",
    prefix="KR",
    title="Additional and replacement keys",
    area="key",
    book="recut",
    columns=("id", "state", "key", "cause", "quantity", "incident", "new_keys"),
    lines=(
        Line("requester", "requester"),
        Line(
            "authoriser",
            "authoriser",
            Who(setting="key-recut.authoriser"),
            differs=("requester",),
            clauses=("CS13-4.2#3",),
        ),
        Line("receiver", "receiver", Who(posts=(*KEY_DESK, *SECURITY))),
    ),
    actions=(
        Action(
            "record",
            "Record that a key is to be cut.",
            to="recorded",
            needs=("key", "cause", "quantity"),
            takes=("incident", "purpose"),
            signs="requester",
            clauses=("CS13-5.1#3",),
        ),
        Action(
            "authorise",
            "Authorise that it is cut.",
            to="authorised",
            source=("recorded",),
            signs="authoriser",
        ),
        Action(
            "order",
            "Tell engineering to cut it.",
            to="ordered",
            source=("recorded", "authorised"),
            needs=("engineer",),
            takes=("job", "incident"),
            lines=("authoriser",),
        ),
        Action(
            "cut",
            "Enter the keys that were cut.",
            to="cut",
            source=("ordered",),
            needs=("new_keys",),
            may=Who(departments=(ENGINEERING,)),
        ),
        Action("deliver", "Take the new keys over.", to="delivered", source=("cut",), signs="receiver"),
        Action(
            "refuse",
            "Refuse that it is cut.",
            to="refused",
            source=("recorded",),
            may=Who(setting="key-recut.authoriser"),
            reason=True,
        ),
    ),
    rules=(cut_only_after_the_loss_record, engineering_cuts_it, every_copy_is_entered),
    feeds=Feeds(custody=custody),
    settings={
        "key-recut.authoriser": Setting(
            ["security-manager", "property-manager", "cs-manager", "department-head"],
            "Posts that authorise the cutting of keys.",
            ("CS13-4.2#3",),
        )
    },
    final=("delivered", "refused"),
)
