"""Helpers that the rules of several registers share. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import instant
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Hold
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.model import text

HEADS = (
    "department-head",
    "department-manager",
    "cs-manager",
    "property-manager",
    "security-manager",
    "concierge-manager",
    "centre-manager",
    "relations-manager",
    "office-head",
    "station-master",
)
"""Posts that head a department (annex c, rank 70 to 80)."""

ADMIN = Who(posts=("desk-admin",))
"""Who keeps the desk itself."""

KEY_DESK = ("cs-assistant", "key-custodian")
"""Posts that hand keys out and take them back for all departments by default."""

SECURITY = ("security-guard", "control-room-watch", "security-manager")


def other_holds(thing: str, at: str, besides: str, books: Books) -> list[Hold]:
    """Return where a thing was at `at` according to other records than `besides`."""
    return [hold for hold in books.holds(thing, at) if hold.record != besides]


CONDITIONS = ("sealed", "seal-broken", "damaged", "lost", "replaced")
"""Statuses that say how a thing is, not with whom."""


ON_THE_HOOK = frozenset({"sealed", "damaged", "seal-broken"})
"""Statuses of a key that hangs where it belongs all the same."""


def sets_there(key: Record, at: str, books: Books) -> int:
    """Return how many sets of a key hang where it belongs at `at`, by the custody feeds; 0 for one out of use."""
    withdrawn = when(key, "withdraw", "void")
    in_use = instant(key.opened) <= instant(at) and (withdrawn is None or instant(at) < instant(withdrawn))
    there = in_use and all(hold.status in ON_THE_HOOK for hold in books.holds(key.id, at))
    return int(key.get("sets", 1)) if there else 0


def conflicting_holds(
    thing: str, since: str, until: str | None, besides: str, books: Books, apart: Iterable[str] = ()
) -> list[Hold]:
    """Return where else a thing is at `since`, and with whom else it is before `until` (None: ever after).

    The end counts: an act that is entered late may begin before a hold that is already on the books.
    Holds of the record `besides`, and those with a status among `apart`, are left out.
    """
    start = instant(since)
    found = []
    for hold in books.holds_between(thing, since, until):
        follows = instant(hold.since) > start and hold.status in CONDITIONS
        if hold.record != besides and hold.status not in apart and not follows:
            found.append(hold)
    return found


def signers(record: Record, line: str) -> list[str]:
    """Return who has signed a line, in the order of signing."""
    return list(dict.fromkeys(each.signer for each in record.signatures(line)))


def keepers(step: Step, books: Books) -> Sequence[str]:
    """Return who keeps the desk when an act is entered."""
    return books.holders_of(ADMIN.posts, step.entered)


@act_rule(actions=("approve",), fixed=True)
def second_admin_approves(step: Step, books: Books) -> Iterator[Text]:
    """Once two people keep the desk, one proposes and the other approves."""
    if len(keepers(step, books)) > 1 and step.actor in signers(step.new, "proposer"):
        yield text("{actor} proposed it; another desk-admin approves it", actor=step.actor)


def when(record: Record, *actions: str) -> str | None:
    """Return the event time of the last act of these actions, or None."""
    act = record.last(*actions)
    return None if act is None else str(act["at"])


def since(record: Record, state: str, *actions: str) -> str | None:
    """Return since when a record is or was in a state: the last act of these actions.

    A record taken over from another book in that state has been in it since its row's own event time.
    """
    taken_over = (act for act in record.acts if act["action"] == "import" and act["state"] == state)
    return when(record, *actions) or next((str(act["at"]) for act in taken_over), None)


def latest(times: Iterable[str | None]) -> str | None:
    """Return the latest of these stored times, leaving out those that are missing."""
    known = [each for each in times if each]
    return max(known, key=instant) if known else None


def is_staff(person: str, at: str, books: Books) -> bool:
    """Tell whether a person was an active member of staff at `at`."""
    return bool(books.posts(person, at))


def rises_to_itself(record: Record, field: str, books: Books) -> bool:
    """Tell whether going from record to record by this field leads back to the first."""
    seen: set[str] = set()
    above = record.get(field)
    while above is not None and above not in seen:
        if above == record.id:
            return True
        seen.add(above)
        other = books.get(above)
        above = other.get(field) if other else None
    return False


def stood(record: Record, at: str) -> bool:
    """Tell whether a record was on the books at a moment: opened by then and not yet void."""
    moment = instant(at)
    void = when(record, "void")
    return instant(record.opened) <= moment and (void is None or moment < instant(void))


def loss_recorded(incident: str, at: str, books: Books) -> bool:
    """Tell whether an incident is a loss that was on record at `at`."""
    record = books.get(incident)
    if record is None or record.register != "key-incident":
        return False
    return bool(record["kind"] == "lost") and stood(record, at)


def is_above(person: str, other: str, at: str, books: Books) -> bool:
    """Tell whether a person is above another: of higher rank in his department, or in his line of superiors.

    Of somebody who has left, the department that he was in last counts.
    """
    if person == other or books.rank(person, at) <= books.rank(other, at):
        return False
    record = books.get(other)
    last = frozenset((record.get("department", ""),)) if record else frozenset()
    if books.departments(person, at) & (books.departments(other, at) or last):
        return True
    seen = {other}
    above = books.superior(other, at)
    while above and above not in seen:
        if above == person:
            return True
        seen.add(above)
        above = books.superior(above, at)
    return False


def next_above(person: str, at: str, books: Books) -> str:
    """Return a person's superior; where that post is empty, who holds the next above it in his department."""
    found, own = books.superior(person, at), books.departments(person, at)
    table = books.setting("posts", at)
    level, seen = set(books.posts(person, at)), set[str]()
    while level and not found:
        seen |= level
        level = {each for post in level for each in posts_above(table.get(post, {}))} - seen
        near = (each for each in books.holders_of(level, at) if each != person)
        found = next((each for each in near if books.departments(each, at) & own), "")
    return found


def posts_above(post: Mapping[str, Any]) -> list[str]:
    """Return the posts directly above one, as the policy's table of posts describes it."""
    superior = post.get("superior", [])
    return [superior] if isinstance(superior, str) else list(superior)


def value_at(record: Record, field: str, entered: str) -> Any:
    """Return what a field of a record held by the acts entered up to a moment; None where none had set it."""
    found, limit = None, instant(entered)
    for act in record.acts:
        if instant(act.get("entered", act["at"])) <= limit and field in act.get("sets", {}):
            found = act["sets"][field]
    return found


def entered_at(act: Act) -> str:
    """Return when an act was entered."""
    return str(act.get("entered", act["at"]))


def post_terms(posts: Iterable[str], at: str, books: Books) -> Terms:
    """Return posts (or departments) as sentences name them, by the titles that the desk gives them."""
    known = books.setting("posts", at)
    return Terms(Term(each, "post", known.get(each, {}).get("title", "")) for each in posts)


def ranked(rank: int, at: str, books: Books) -> Text:
    """Return a rank as sentences name it, with the posts of it that somebody holds, the lowest first."""
    known = sorted((each["rank"], post) for post, each in books.setting("posts", at).items() if each["rank"] >= rank)
    held = [post for _rank, post in known if books.holders_of((post,), at)]
    if not held:
        return text("rank {rank} or above, which nobody has", rank=rank)
    return text("rank {rank} or above: {posts}", rank=rank, posts=post_terms(held, at, books))


def unknown_post(post: str, at: str, books: Books) -> Iterator[Text]:
    """Yield that the policy in force at a moment knows no such post."""
    known = books.setting("posts", at)
    if post in known:
        return
    close = get_close_matches(post, known, 3, 0.75)
    if close:
        yield text(
            "there is no post {post}; near it: {near}; svcdesk policy show posts", post=post, near=close
        )
    else:
        yield text("there is no post {post}; svcdesk policy show posts", post=post)


def unknown_code(code: str, at: str, books: Books) -> Iterator[Text]:
    """Yield that no department has a code, where none that was not closed by then does."""
    found = [each for each in books.find("department", code=code) if each.state != "void"]
    if any((act := each.last("close")) is None or before(at, act["at"]) for each in found):
        return
    known = [each["code"] for each in books.find("department") if each.state == "active"]
    yield text(
        "there is no department {department}; near it: {near}; svcdesk department list",
        department=code,
        near=get_close_matches(code, known, 3, 0.75) or sorted(known)[:3],
    )


def unknown_departments(record: Record, books: Books, *names: str) -> Iterator[Text]:
    """Yield what is wrong with the departments that these fields name, each as of its last entry."""
    for name in names:
        acts = [act for act in record.acts if act.get("sets", {}).get(name)]
        if acts and record.get(name):
            yield from unknown_code(record[name], entered_at(acts[-1]), books)
