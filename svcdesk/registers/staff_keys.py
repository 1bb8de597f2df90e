"""Keys that people sign with: entered by their owner, of one person for ever, retired or declared compromised."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.declared import Action
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.staff_rules import ADMIN
from svcdesk.registers.staff_rules import KEEPER
from svcdesk.registers.staff_rules import keepers
from svcdesk.registers.staff_terms import in_force
from svcdesk.sshkeys import fault_of
from svcdesk.sshkeys import fingerprint

HOW = {"": text("held"), "retired": text("retired"), "compromised": text("compromised")}
KEY_ACTIONS = ("add-key", "retire-key", "compromise-key")


def added(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Add the key entered to those ever held."""
    held = list(old.get("keys", ())) if old else []
    return {"keys": [*held, sets["key"]]} if "key" in sets else {}


def retired(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """End the key entered; what it has signed stays signed."""
    return _ended(old, sets, {"how": "retired"}) if "key" in sets else {}


def compromised(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """End the key entered; what it has signed after a commit is in doubt."""
    if not {"key", "since"} <= sets.keys():
        return {}
    return _ended(old, sets, {"how": "compromised", "since": sets["since"]})


def _ended(old: Record | None, sets: Mapping[str, Any], entry: Mapping[str, str]) -> Mapping[str, Any]:
    before = old.get("ended_keys", ()) if old else ()
    others = [each for each in before if each["key"] != sets["key"] or each["how"] == "compromised"]
    return {"ended_keys": [*others, {"key": sets["key"], **entry}]}


def counts_once_seconded(person: Record, books: Books) -> Iterator[Text]:
    """Yield what the act just entered waits for, where two people keep the desk."""
    act = person.acts[-1]
    if any((each.record, each.key) == (person.id, act["sets"]["key"]) for each in books.awaited()):
        sentence = (
            text(
                "the key has ended; what it signed after {since} is in doubt once a desk-admin other than {author}"
                " seconds that: svcdesk sign {person} second"
            )
            if act["action"] == "compromise-key"
            else text(
                "the key counts once a desk-admin other than {author} seconds it: svcdesk sign {person} second"
            )
        )
        since = act["sets"].get("since", "")[:12]
        yield text(sentence.template, since=since, author=act["by"], person=person.id)


ACTIONS = (
    Action(
        "add-key",
        "Enter an SSH key that one signs with.",
        source=("active", "suspended"),
        needs=("key",),
        ends=("second",),
        completes=added,
        remarks=counts_once_seconded,
    ),
    Action(
        "retire-key",
        "End a key; what it has signed stays signed.",
        source=("active", "suspended", "left"),
        needs=("key",),
        completes=retired,
    ),
    Action(
        "compromise-key",
        "End a key that others may have used, and name the last act that was surely its owner's.",
        source=("active", "suspended", "left"),
        needs=("key", "since"),
        ends=("second",),
        reason=True,
        completes=compromised,
        remarks=counts_once_seconded,
    ),
)


def is_about_keys(step: Step) -> bool:
    """Tell whether an act says which keys count: nobody who holds one takes it on git's word alone."""
    return step.action in KEY_ACTIONS or any(each["line"] == "second" for each in step.act.get("signed", ()))


def how_ended(person: Record, key: str) -> str:
    """Return how a key of a person has ended; empty while it has not."""
    return next((each["how"] for each in person.get("ended_keys", ()) if each["key"] == key), "")


def without_ended(person: Record) -> Mapping[str, Any]:
    """Return what is shown of a person: the keys that have not ended, and not what the last act on keys was about."""
    shown = {name: value for name, value in person.data.items() if name not in ("key", "since", "keys")}
    live = [each for each in person.get("keys", ()) if not how_ended(person, each)]
    return {**shown, **({"keys": live} if live else {})}


@state_rule(fixed=True)
def key_belongs_to_one_person(person: Record, books: Books) -> Iterator[Text]:
    """A key belongs to one person only, former staff and former keys included."""
    for key in person.get("keys", ()):
        for other in books.find("staff", keys=key):
            if other.id != person.id:
                yield text("{key} is also that of {other}", key=fingerprint(key), other=other.id)


@state_rule(fixed=True)
def no_sheet_brings_keys(person: Record, books: Books) -> Iterator[Text]:
    """Keys come to the register by their owners' acts, never by an import."""
    for act in person.acts:
        if act["action"] == "import" and act.get("sets", {}).keys() & {"key", "since", "keys", "ended_keys"}:
            yield text("an import brings no keys; each is entered by its owner")


@act_rule(actions=KEY_ACTIONS, fixed=True)
def a_key_is_whole(step: Step, books: Books) -> Iterator[Text]:
    """A key is an SSH public key of a type that is taken, in its one writing."""
    fault = fault_of(step.sets.get("key", ""))
    if fault is not None:
        yield fault


@act_rule(actions=("add-key", "correct"), fixed=True)
def keys_are_entered_by_their_owner(step: Step, books: Books) -> Iterator[Text]:
    """A key is entered by its owner himself, by another only while one alone keeps the desk; never corrected."""
    if step.action == "correct":
        if step.sets.keys() & {"key", "since"}:
            yield text("a key is not corrected; it is retired, and another is entered")
    elif step.actor != step.new.id and list(keepers(books, step.entered)) != [step.actor]:
        yield text("{actor} is not {person}, whose key it is", actor=step.actor, person=step.new.id)


@act_rule(actions=("add-key",), fixed=True)
def a_key_is_entered_once(step: Step, books: Books) -> Iterator[Text]:
    """A key that a person holds, or has held, is not entered again."""
    key = step.sets.get("key", "")
    if step.old is not None and key in step.old.get("keys", ()):
        yield text(
            "{key} was entered before ({how})",
            key=fingerprint(key),
            how=HOW[how_ended(step.old, key)],
        )


@act_rule(actions=("retire-key", "compromise-key"), fixed=True)
def a_key_held_is_ended(step: Step, books: Books) -> Iterator[Text]:
    """Only a key that the person holds ends; it may still prove to be compromised, or to have been so earlier."""
    key = step.sets.get("key", "")
    how = how_ended(step.old, key) if step.old else ""
    if step.old is None or key not in step.old.get("keys", ()):
        yield text("{person} has no key {key}", person=step.new.id, key=fingerprint(key))
    elif (how and step.action == "retire-key") or (how == "compromised" and _is_told(step)):
        yield text("{key} has ended already ({how})", key=fingerprint(key), how=HOW[how])


def _is_told(step: Step) -> bool:
    """Whether a key was declared compromised since the same commit before."""
    told = step.old.get("ended_keys", ()) if step.old else ()
    return (step.sets.get("key"), step.sets.get("since")) in {(each["key"], each.get("since")) for each in told}


@act_rule(actions=("retire-key", "compromise-key"), fixed=True)
def keys_are_ended_by_their_owner_or_a_keeper(step: Step, books: Books) -> Iterator[Text]:
    """A key is ended by its owner, or by those who keep the staff register."""
    if step.actor != step.new.id and not books.posts(step.actor, step.entered) & frozenset(ADMIN.posts):
        yield text(
            "{actor} is not {person}, whose key it is; it needs {posts}",
            actor=step.actor,
            person=step.new.id,
            posts=" | ".join(ADMIN.posts),
        )


@act_rule(actions=("retire-key", "transfer", "suspend", "leave", "void", "sign"), fixed=True)
def somebody_who_keeps_the_desk_signs(step: Step, books: Books) -> Iterator[Text]:
    """Where the policy asks for signed acts, one who keeps the desk holds a key to sign with."""
    if "signed" not in books.setting("signing.least", step.entered).values():
        return
    holders = keepers(books, step.entered)
    stay = [each for each in holders if each != step.new.id and books.keys(each)]
    if step.new.id not in holders or stay or not books.keys(step.new.id):
        return
    held = [each for each in books.keys(step.new.id) if each != step.sets.get("key")]
    keeps = any(each["post"] == KEEPER for each in step.new.get("posts", ()) if in_force(each, step.entered))
    if not (held and keeps and step.new.state == "active"):
        yield text(
            "nobody but {person} keeps the desk and signs; another desk-admin enters a key first",
            person=step.new.id,
        )


RULES = (
    key_belongs_to_one_person,
    no_sheet_brings_keys,
    a_key_is_whole,
    keys_are_entered_by_their_owner,
    a_key_is_entered_once,
    a_key_held_is_ended,
    keys_are_ended_by_their_owner_or_a_keeper,
    somebody_who_keeps_the_desk_signs,
)


def awaited(person: Record, books: Books) -> Sequence[str]:
    """Return the keys of a person that wait for the second desk-admin."""
    held = [key for key in person.get("keys", ()) if not how_ended(person, key)]
    return [key for key in held if key not in books.keys(person.id)] if person.state == "active" else []
