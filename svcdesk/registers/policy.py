"""Policy: the desk's own settings, as effective-dated records that are proposed and approved."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import ADMIN
from svcdesk.rules import keepers
from svcdesk.rules import second_admin_approves


@act_rule(actions=("set",))
def value_suits_its_setting(step: Step, books: Books) -> Iterator[Text]:
    """A value is of its setting's own kind, and names only posts and rules that there are."""
    if {"setting", "value"} <= step.sets.keys():
        yield from books.misfits(step.sets["setting"], step.sets["value"], step.entered)


@act_rule(actions=("approve",), fixed=True)
def who_asks_for_signatures_can_sign(step: Step, books: Books) -> Iterator[Text]:
    """Signed acts are asked for only once somebody who keeps the desk holds a key to sign with."""
    if step.new["setting"] != "signing.least" or "signed" not in step.new["value"].values():
        return
    if not any(books.keys(each) for each in keepers(step, books)):
        yield text("no desk-admin holds a key yet; svcdesk whoami --setup enters one")


@act_rule(actions=("correct", "void"), fixed=True)
def a_setting_is_set_anew(step: Step, books: Books) -> Iterator[Text]:
    """A setting is never corrected, and one in force never void: another value is proposed in its place."""
    if step.action == "correct" or (step.old is not None and step.old.state == "approved"):
        yield text("propose another value of {setting}", setting=step.new["setting"])


def all_hangs_on_one_key(record: Record, books: Books) -> Iterator[Text]:
    """Yield who would be locked out for good with one key, once every act on the staff register is signed."""
    value = record["value"]
    if record["setting"] != "signing.least" or value.get("staff", value.get("*")) != "signed":
        return
    held = [(each, key) for each in books.holders_of(ADMIN.posts, record.acts[-1]["at"]) for key in books.keys(each)]
    if len(held) == 1:
        yield text(
            "should the key of {person} be lost, nobody keeps this desk any more: enter a second one and keep it"
            " safe, or let another desk-admin have a key",
            person=held[0][0],
        )


REGISTER = Register(
    name="policy",
    prefix="P",
    title="Policy",
    area="policy",
    dated=False,
    sharded=False,
    columns=("id", "state", "setting", "starts"),
    lines=(Line("proposer", "proposer", ADMIN), Line("approver", "approver", ADMIN)),
    actions=(
        Action(
            "set",
            "Propose a value for a setting.",
            to="proposed",
            needs=("setting", "value"),
            takes=("starts",),
            may=ADMIN,
            signs="proposer",
        ),
        Action(
            "approve",
            "Put a proposed value in force.",
            to="approved",
            source=("proposed",),
            may=ADMIN,
            signs="approver",
            remarks=all_hangs_on_one_key,
        ),
        Action("withdraw", "Take a proposal back.", to="withdrawn", source=("proposed",), may=ADMIN),
    ),
    rules=(
        value_suits_its_setting,
        second_admin_approves,
        who_asks_for_signatures_can_sign,
        a_setting_is_set_anew,
    ),
    final=("approved", "withdrawn"),
    corrects=ADMIN,
)
