"""Lock changes: on a written application, after security's consent, until every new key has its keeper."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

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
from svcdesk.rules import SECURITY
from svcdesk.rules import loss_recorded
from svcdesk.rules import stood
from svcdesk.rules import when

ENGINEERING = Who(departments=("engineering",), clauses=("CS13-6#3",))
GUARDS = Who(posts=SECURITY, clauses=("CS13-6#4",))
CONSENT = Who(setting="key-lock-change.approver", clauses=("CS13-6#1", "CS13-6#3"))


def keys_of_the_lock(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down which keys the old lock had: all that open the place, and the one that was lost."""
    if old is None:
        return {}
    new = sets.get("new_keys", ())
    found = {key.id for key in books.find("key", opens=old["place"]) if key.state == "active"}
    named = {old["key"]} if "key" in old.data else set()
    gone = sorted((found | named) - set(new))
    return {"old_keys": gone} if gone else {}


@act_rule("CS13-5.1#3", actions=("order",))
def lock_changed_only_after_both_records(step: Step, books: Books) -> Iterator[Text]:
    """Engineering is told to change a lock for a lost key only after loss and replacement are both on record."""
    if step.new["cause"] != "key-lost":
        return
    incident = step.new.get("incident", "")
    if not loss_recorded(incident, step.at, books):
        yield text("no loss is on record by {at}; name its incident", at=step.at)
        return
    if not any(stood(each, step.at) for each in books.find("key-recut", incident=incident)):
        yield text("no additional or replacement key is on record for {record}", record=incident)


@act_rule(actions=("order",))
def engineering_changes_it(step: Step, books: Books) -> Iterator[Text]:
    """Locks are changed by engineering."""
    if "engineering" not in books.departments(step.new["engineer"], step.at):
        yield text("{engineer} is not in engineering", engineer=step.new["engineer"])


@act_rule("CS13-6#4", actions=("redistribute",))
def every_new_key_is_redistributed(step: Step, books: Books) -> Iterator[Text]:
    """Security redistributes every new key of the lock, once."""
    given = [row["key"] for row in step.new["distribution"]]
    new = step.new.get("new_keys", ())
    for key in new:
        if given.count(key) != 1:
            yield text("{key} is in the distribution {count} times", key=key, count=given.count(key))
    for key in sorted(set(given) - set(new)):
        yield text("{key} is no key of the new lock", key=key)


@act_rule("CS13-6#4", actions=("redistribute",))
def emergency_set_is_renewed(step: Step, books: Books) -> Iterator[Text]:
    """A key of the new lock goes into security's emergency set."""
    if not any(row.get("emergency") for row in step.new["distribution"]):
        yield text("no key of {record} goes into the emergency set", record=step.new.id)


def custody(change: Record) -> Iterator[Hold]:
    """Old keys are replaced from the change of the lock on; new ones are with security until redistributed."""
    replaced, delivered = when(change, "replace"), change.last("deliver")
    if replaced and delivered:
        for key in change.get("old_keys", ()):
            yield Hold(key, "", "replaced", replaced, None, change.id)
        until = when(change, "redistribute")
        for key in change["new_keys"]:
            yield Hold(key, delivered["by"], "in-custody", delivered["at"], until, change.id)


REGISTER = Register(
    name="key-lock-change",
    prefix="KX",
    title="Lock changes",
    area="key",
    book="lock-change",
    columns=("id", "state", "place", "cause", "incident", "new_keys"),
    lines=(
        Line("applicant", "applicant"),
        Line("security", "security", CONSENT, differs=("applicant",), clauses=("CS13-6#1", "CS13-6#3")),
        Line("receiver", "receiver", GUARDS, clauses=("CS13-6#4",)),
    ),
    actions=(
        Action(
            "apply",
            "Apply in writing to security for a new lock.",
            to="applied",
            needs=("place", "cause", "explanation"),
            takes=("key", "incident"),
            signs="applicant",
            papers=("written-application",),
            clauses=("CS13-6#2",),
        ),
        Action("approve", "Consent for security.", to="approved", source=("applied",), signs="security"),
        Action(
            "refuse",
            "Refuse for security.",
            to="refused",
            source=("applied",),
            may=CONSENT,
            reason=True,
        ),
        Action(
            "order",
            "Tell engineering to change the lock.",
            to="ordered",
            source=("approved",),
            needs=("engineer",),
            takes=("job", "incident"),
            lines=("security",),
            clauses=("CS13-6#1",),
        ),
        Action(
            "replace",
            "Enter that the lock has been changed.",
            to="replaced",
            source=("ordered",),
            may=ENGINEERING,
            lines=("security",),
            clauses=("CS13-6#3",),
        ),
        Action(
            "deliver",
            "Take the new keys over for security.",
            to="delivered",
            source=("replaced",),
            needs=("new_keys",),
            signs="receiver",
            clauses=("CS13-6#4",),
            gathers=keys_of_the_lock,
        ),
        Action(
            "redistribute",
            "Redistribute the new keys, the emergency set among them.",
            to="redistributed",
            source=("delivered",),
            needs=("distribution",),
            may=GUARDS,
            clauses=("CS13-6#4",),
        ),
    ),
    rules=(
        lock_changed_only_after_both_records,
        engineering_changes_it,
        every_new_key_is_redistributed,
        emergency_set_is_renewed,
    ),
    feeds=Feeds(custody=custody),
    settings={
        "key-lock-change.approver": Setting(
            ["security-manager"], "Posts that consent to the change of a lock for security.", ("CS13-6#1",)
        )
    },
    final=("redistributed", "refused"),
    computed=("old_keys",),
)
