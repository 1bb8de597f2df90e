"""Staff, posts, ranks, deputies: who held which post at a given moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from typing import NamedTuple

from svcdesk.clock import instant
from svcdesk.declared import Who
from svcdesk.feeds import Awaited
from svcdesk.feeds import Books
from svcdesk.looks import look
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.policy import Policy

ADMIN = "desk-admin"
"""The post that keeps the desk's settings and staff and approves no business."""

SECOND = "second"
"""The line by which another desk-admin puts an appointment in force."""

STATES = {"leave": "left", "suspend": "suspended", "reinstate": "active", "void": "void"}
"""action: the state that it brings a person to."""

MOST_APPOINTMENTS = 4_096
"""Answers that are kept of who held which posts when."""

LOCAL = frozenset(
    ("concierge-manager", "department-head", "department-manager", "deputy-department-manager", "team-leader")
)
"""Posts that are above others in their own department only."""


class Standing(NamedTuple):
    """What holds for a person from one moment on."""

    since: datetime
    state: str
    posts: tuple[dict[str, Any], ...]
    delegations: tuple[dict[str, Any], ...]
    keys: tuple[str, ...] = ()


class Waiting(NamedTuple):
    """Appointments entered while two people keep the desk: the posts they come to, who entered them, and how."""

    posts: tuple[dict[str, Any], ...]
    authors: frozenset[str]
    action: str


class WaitingKey(NamedTuple):
    """A key entered, or declared compromised since a commit, while two people keep the desk, and by whom."""

    key: str
    since: str
    by: str


class People:
    """The staff register read as a history of posts.

    An appointment entered while two people keep the desk counts only once one who keeps it, and has not
    entered it, signs the line `second` himself. It counts from then, never from an earlier event time.
    """

    def __init__(self, staff: Iterable[Record], policy: Policy, seconded: Iterable[str] = ()) -> None:
        """Read the staff register; `seconded` are the imports that a second desk-admin has signed."""
        self._policy = policy
        self.in_order = False
        """Whether all in the register was entered before what is asked about: of one second, the last act counts."""
        self._seconded = frozenset(seconded)
        self._records = {record.id: record for record in staff}
        self._standings: dict[str, list[Standing]] = {each: [] for each in self._records}
        self._lenders: dict[str, dict[str, None]] = {}
        self._appointments: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._ever_admins: dict[str, None] = {}
        self._keys_waiting: dict[str, list[WaitingKey]] = {}
        self._compromised: dict[str, tuple[str, ...]] = {}
        self._waiting: dict[str, Waiting] = {}
        for moment, staff_id, act in self._acts():
            self._take(moment, staff_id, act)

    def _acts(self) -> Iterator[tuple[datetime, str, Act]]:
        entries = [
            (instant(act.get("entered", act["at"])), staff_id, number, act)
            for staff_id, record in self._records.items()
            for number, act in enumerate(record.acts)
        ]
        for moment, staff_id, _number, act in sorted(entries, key=lambda each: each[:3]):
            yield moment, staff_id, act

    def _take(self, moment: datetime, staff_id: str, act: Act) -> None:
        sets = act.get("sets", {})
        known = self._standings[staff_id]
        last = known[-1] if known else Standing(moment, "active", (), ())
        # Both look at who keeps the desk before this act.
        posts = self._appointed_by(moment, staff_id, act)
        delegations = tuple(sets.get("delegations", last.delegations))
        keys = self._keys_after(moment, staff_id, act, last.keys)
        for grant in delegations:
            self._lenders.setdefault(grant["to"], {})[staff_id] = None
        state = str(act["state"]) if act["action"] == "import" else STATES.get(act["action"], last.state)
        known.append(Standing(moment, state, last.posts if posts is None else posts, delegations, keys))
        if any(each["post"] == ADMIN for each in known[-1].posts):
            self._ever_admins[staff_id] = None

    def _appointed_by(
        self, moment: datetime, staff_id: str, act: Act
    ) -> tuple[dict[str, Any], ...] | None:
        """Return the posts that an act puts in force; None where it leaves them as they were."""
        admins = self._admins(moment)
        entered = act.get("sets", {}).get("posts")
        before = self._waiting.pop(staff_id, None)
        if entered is not None:
            if len(admins) < 2 or act.get("source", {}).get("import") in self._seconded:
                return tuple(entered)
            authors = before.authors if before else frozenset()
            self._waiting[staff_id] = Waiting(tuple(entered), authors | {act["by"]}, act["action"])
        elif before is not None:
            signers = {each.get("staff") for each in act.get("signed", ()) if each["line"] == SECOND}
            if act["by"] in signers & admins and act["by"] not in before.authors:
                return before.posts
            self._waiting[staff_id] = before
        return None

    def _keys_after(
        self, moment: datetime, staff_id: str, act: Act, held: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the keys good after an act: an entry counts once seconded where two keep the desk, an end at once."""
        admins = self._admins(moment)
        waiting = self._keys_waiting.setdefault(staff_id, [])
        key = act.get("sets", {}).get("key", "")
        if act["action"] in ("retire-key", "compromise-key"):
            # A compromise that waits already stays: of several declarations the earliest commit counts.
            waiting[:] = [each for each in waiting if each.key != key or each.since]
            held = tuple(each for each in held if each != key)
        since = act.get("sets", {}).get("since", "")
        if key and act["action"] in ("add-key", "compromise-key"):
            waiting.append(WaitingKey(key, since, act["by"]))
        signers = {each.get("staff") for each in act.get("signed", ()) if each["line"] == SECOND}
        seconds = act["by"] in signers & admins
        for each in [each for each in waiting if len(admins) < 2 or (seconds and act["by"] != each.by)]:
            waiting.remove(each)
            if each.since:
                self._compromised[each.key] = (*self._compromised.get(each.key, ()), each.since)
            else:
                held = (*held, each.key)
        return held

    def keys(self, staff_id: str, at: str = "") -> tuple[str, ...]:
        """Return the SSH keys good for an active person, by the register as it stands or as it stood at `at`."""
        standings = self._standings.get(staff_id, ())
        found = self._standing(staff_id, instant(at)) if at else next(reversed(standings), None)
        return found.keys if found is not None and found.state == "active" else ()

    def compromised(self) -> Mapping[str, tuple[str, ...]]:
        """Return key: the last commit that was surely its owner's, by each declaration that has been seconded."""
        return self._compromised

    def awaited(self) -> Iterator[Awaited]:
        """Yield the appointments and keys that wait for another desk-admin to second them."""
        works = {each for each, known in self._standings.items() if known and known[-1].state == "active"}
        for staff_id, waiting in self._waiting.items():
            if staff_id in works:
                yield Awaited(staff_id, waiting.action, waiting.authors)
        for staff_id, keys in self._keys_waiting.items():
            for each in keys:
                if each.since or staff_id in works:
                    action = "compromise-key" if each.since else "add-key"
                    yield Awaited(staff_id, action, frozenset((each.by,)), each.key)

    def _admins(self, moment: datetime) -> set[str]:
        """Return who keeps the desk, by the acts taken in so far."""
        return {
            each
            for each in self._ever_admins
            if any(post["post"] == ADMIN for post in _in_force(self._standings[each][-1], moment))
        }

    def _standing(self, staff_id: str, moment: datetime) -> Standing | None:
        found = None
        for standing in self._standings.get(staff_id, ()):
            if standing.since > moment:
                break
            found = standing
        return found

    def appointments(self, staff_id: str, at: str) -> list[dict[str, Any]]:
        """Return the posts held at `at` as {post, department, from, until}, those lent by others included."""
        # The judge asks several times about each act: right, rank, signatures and rules.
        if (staff_id, at) not in self._appointments:
            if len(self._appointments) >= MOST_APPOINTMENTS:
                self._appointments.clear()  # the acts of a whole history pass by here
            self._appointments[staff_id, at] = self._appointed(staff_id, instant(at))
        return self._appointments[staff_id, at]

    def _appointed(self, staff_id: str, moment: datetime) -> list[dict[str, Any]]:
        own: list[dict[str, Any]] = []
        for standing in self._standings_in(staff_id, moment):
            own += [each for each in _in_force(standing, moment) if each not in own]
        if not own:
            return []
        lent = [
            each
            for other in self._lenders.get(staff_id, ())
            if other != staff_id
            for each in self._lent(other, staff_id, moment)
        ]
        return [*own, *lent]

    def _standings_in(self, staff_id: str, moment: datetime) -> list[Standing]:
        """Return what held at some time in a second; in books that are open at one commit, what held last."""
        known = self._standings.get(staff_id, [])
        if self.in_order:
            return [each for each in known if each.since <= moment][-1:]
        before = [each for each in known if each.since < moment]
        return [*before[-1:], *(each for each in known if each.since == moment)]

    def _lent(self, owner: str, deputy: str, moment: datetime) -> Iterator[dict[str, Any]]:
        standing = self._standing(owner, moment)
        if standing is None or standing.state in ("left", "void"):
            return
        for grant in standing.delegations:
            begins, ends = instant(grant["from"]), instant(grant["until"])
            if grant["to"] == deputy and begins <= moment < ends:
                term = {"from": grant["from"], "until": grant["until"], "deputy_for": owner}
                for each in _in_force(standing, moment):
                    if each["post"] != ADMIN and each["post"] == grant.get("post", each["post"]):
                        yield {**each, **term}

    def posts(self, staff_id: str, at: str) -> frozenset[str]:
        """Return the posts that a person held at `at`, delegated ones included."""
        return frozenset(each["post"] for each in self.appointments(staff_id, at))

    def departments(self, staff_id: str, at: str) -> frozenset[str]:
        """Return the departments in which a person held a post at `at`."""
        return frozenset(each["department"] for each in self.appointments(staff_id, at))

    def rank_of(self, post: str, at: str) -> int:
        """Return the rank of a post; 0 for a post that the policy does not know."""
        known = self._policy.value("posts", at).get(post)
        return int(known["rank"]) if known else 0

    def rank(self, staff_id: str, at: str) -> int:
        """Return the highest rank of a person's posts at `at`; 0 outside the organisation."""
        return max((self.rank_of(post, at) for post in self.posts(staff_id, at)), default=0)

    def named(self, name: str) -> list[str]:
        """Return the people of that name, or of one that looks the same."""
        return self._names.get(look(name), [])

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for staff_id, record in self._records.items():
            found.setdefault(look(str(record.get("name", ""))), []).append(staff_id)
        return found

    def holders_of(self, posts: Iterable[str], at: str) -> list[str]:
        """Return the active people who held one of these posts at `at`, in the order of ids."""
        wanted = frozenset(posts)
        return sorted(each for each in self._records if self.posts(each, at) & wanted)

    def superior(self, staff_id: str, at: str) -> str:
        """Return a person's superior: the one named in his record, else a holder of the post above his.

        Of several holders the first in a department of the person's own is meant; the head of another
        department never is.
        """
        record = self._records.get(staff_id)
        if record is None:
            return ""
        if record.get("superior") and self.posts(record["superior"], at):
            return str(record["superior"])
        table, own = self._policy.value("posts", at), self.departments(staff_id, at)
        above = [each for post in sorted(self.posts(staff_id, at)) for each in superiors_of(table, post)]
        found = [each for each in self.holders_of(above, at) if each != staff_id]
        near = [each for each in found if self.departments(each, at) & own]
        far = [each for each in found if self.posts(each, at) & (frozenset(above) - LOCAL)]
        return next(iter(near or far), "")


def superiors_of(table: Mapping[str, Any], post: str) -> list[str]:
    """Return the posts directly above a post; the policy names one or a list of them."""
    found = table.get(post, {}).get("superior", [])
    return [found] if isinstance(found, str) else list(found)


def _in_force(standing: Standing, moment: datetime) -> list[dict[str, Any]]:
    if standing.state != "active":
        return []
    return [
        each
        for each in standing.posts
        if instant(each["from"]) <= moment and ("until" not in each or moment < instant(each["until"]))
    ]


def fits(who: Who, staff_id: str, at: str, books: Books) -> bool:
    """Tell whether a person may act or sign at `at`: active, and of the post, rank or department asked for."""
    held = books.posts(staff_id, at)
    if not held:
        return False
    wanted = frozenset(wanted_posts(who, at, books))
    if wanted and not held & wanted:
        return False
    if who.departments and not books.departments(staff_id, at) & frozenset(who.departments):
        return False
    return not who.rank or books.rank(staff_id, at) >= who.rank


def wanted_posts(who: Who, at: str, books: Books) -> tuple[str, ...]:
    """Return the posts that the declaration or the policy names; empty where any post will do."""
    return tuple(books.setting(who.setting, at)) if who.setting else who.posts
