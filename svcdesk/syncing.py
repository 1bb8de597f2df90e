"""Sync: bring in what others published, join one's own acts to it, publish the whole; nothing is half done."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta

from svcdesk.audit.lateness import LATEST
from svcdesk.audit.lateness import tardy
from svcdesk.audit.scene import Scene
from svcdesk.audit.starting import verify
from svcdesk.audit.verdicts import LABELS
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verdicts import is_worse
from svcdesk.clock import SKEW
from svcdesk.clock import instant
from svcdesk.clock import stamp
from svcdesk.desk import Desk
from svcdesk.errors import Busy
from svcdesk.errors import NeedsAttention
from svcdesk.errors import Refused
from svcdesk.errors import StorageFailed
from svcdesk.errors import Violation
from svcdesk.git import Identity
from svcdesk.joining import recompute
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.pin import Pin
from svcdesk.pin import first_of
from svcdesk.pin import hold_main
from svcdesk.pin import hold_to_pin
from svcdesk.pin import is_returned
from svcdesk.pin import keep_pin
from svcdesk.pin import read_pin
from svcdesk.pin import shared_pin
from svcdesk.signer import signer_for
from svcdesk.signing import unsigned_merge
from svcdesk.transport import Remote
from svcdesk.transport import Sent
from svcdesk.transport import fetch
from svcdesk.transport import push

ACCEPTED = "suspect"
"""The worst verdict on a commit that is let in: what is suspect was legal, and is told."""

MOST_TRIES = 40
TRIES_AT_A_STANDSTILL = 9
"""After so many it is not others who are in the way: what the remote shows has not changed."""
LONGEST_PAUSE = 2.0  # seconds


@dataclass
class Synced:
    """What a sync came to: commits received and sent, conflicts that arose, and what is to be said besides."""

    received: int = 0
    sent: int = 0
    conflicts: tuple[str, ...] = ()
    notices: list[Text] = field(default_factory=list)


class Sync:
    """One desk and one remote brought to the same history.

    Others may publish, and this desk may act, while it is under way: each round begins with what the remote
    shows, and main moves only to what the remote holds. Killed at any point, the next sync goes on.
    """

    def __init__(self, desk: Desk, remote: Remote, now: datetime, identity: Identity) -> None:
        self.desk = desk
        self.remote = remote
        self.now = now
        self.identity = identity
        self.done = Synced()
        self._answer = ""

    def run(self) -> Synced:
        """Sync; raises StorageFailed where the remote is away or stuck, Violation, Refused, NeedsAttention, Busy."""
        self.desk.require_history()
        shown: list[str] = []
        for attempt in range(MOST_TRIES):
            if attempt:
                _pause(attempt)
            shown.append(fetch(self.desk.store, self.remote))
            if self._round(shown[-1]):
                return self.done
            if attempt == TRIES_AT_A_STANDSTILL and len(set(shown)) == 1:
                message = text("{remote} cannot move its main: {words}", remote=self.remote.name, words=self._answer)
                raise StorageFailed(message)
        raise Busy(text("others publish all the time; nothing was sent, try again later"))

    def _round(self, published: str) -> bool:
        """Join what the remote shows and what the desk holds; tell whether both now hold the same."""
        store = self.desk.store
        with self._writing():
            local = store.tip()
            self._judge(published, local)
            if published and store.holds(published, local):
                self._advance(local, published)
                return True
            offered = self._offer(published, local)
        sent, words = push(store, self.remote, offered)
        self._answer = words
        if sent is Sent.REFUSED and fetch(store, self.remote) != published:
            return False
        if sent is Sent.REFUSED:
            raise Refused(text("{remote} refused it: {words}", remote=self.remote.name, words=words))
        if sent is Sent.OUTRUN:
            return False
        with self._writing():
            if store.tip() != local:
                return False
            self.done.sent = store.count(offered, published)
            self._advance(local, offered)
            return True

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the desk's lock with all repaired; what the desk had read is read anew."""
        store = self.desk.store
        with store.lock():
            self.done.notices += store.recover()
            store.preflight()
            self.desk.__dict__.pop("tip", None)
            if "index" in self.desk.__dict__:
                self.desk.refresh(self.desk.index)
            yield
            self.done.notices += store.notices
            store.notices.clear()

    def _compare_clocks(self, published: str) -> None:
        """Refuse where the remote is later than it is here; raises NeedsAttention: by this clock nobody is to judge."""
        last = self.desk.store.time_of(published)
        if last > self.now + SKEW:
            raise NeedsAttention(
                text(
                    "it is {now} here, but {remote} holds a commit of {last}: one of the two clocks is wrong;"
                    " nothing was moved",
                    now=stamp(self.now, self.desk.zone),
                    remote=self.remote.name,
                    last=stamp(last, self.desk.zone),
                )
            )

    def _judge(self, published: str, local: str) -> None:
        """Hold what came against the pin, then both sides against the law; raises Violation, NeedsAttention, Refused.

        What has been verified by nobody here is judged from the first commit on, wherever git took it down.
        """
        store = self.desk.store
        pin = read_pin(store.git.git_dir)
        if pin and not self._is_kept(pin, published, local):
            hold_main(store, pin, local)
        if published:
            known = pin or self._first_pin(published, local)
            self._hold(shared_pin(store, known, self.remote.name), published, local)
            self._compare_clocks(published)
        heads = [each for each in (published, local) if each]
        parted = self._parted(heads)
        verified = self._parted([*heads, pin.tip]) if pin else ""
        # Where one side holds the other, what it says of earlier commits, such as an exception, counts.
        if store.holds(local, published):
            self._verify(local, verified, published)
        else:
            self._verify(published, verified, published)
            self._verify(local, parted, published)
        if pin is None:
            keep_pin(store, parted)

    def _is_kept(self, pin: Pin, published: str, local: str) -> bool:
        """Whether this desk holds its pin, or was only set back, so that the remote gives all of it again."""
        holds = self.desk.store.holds
        return holds(local, pin.tip) or (holds(published, pin.tip) and holds(published, local))

    def _parted(self, heads: Sequence[str]) -> str:
        """Return the last commit that all of these hold."""
        found = self.desk.store.git.run("merge-base", "--octopus", "--end-of-options", *heads)
        return found.decode("ascii").split()[0]

    def _hold(self, known: Pin, published: str, local: str) -> None:
        """Hold what the remote shows against what it held, unless this desk may give that back; raises Violation."""
        store = self.desk.store
        if not store.holds(published, known.tip) and is_returned(store, known.tip, local):
            return
        try:
            hold_to_pin(store, known, published)
        except Violation as error:
            way = text(
                "{fault}; where a backup of the server was restored, see svcdesk sync --help: COMMIT is {commit}",
                fault=error.message,
                commit=known.tip[:12],
            )
            raise Violation(way) from None

    def _verify(self, tip: str, known: str, published: str) -> None:
        """Hold the commits of one side after a known one against the law; raises Refused."""
        suspect: list[str] = []
        for verdict in verify(self.desk, tip, self.now, known) if known != tip else ():
            if verdict.level == ACCEPTED:
                suspect.append(verdict.commit)
            if is_worse(verdict.level, ACCEPTED):
                raise Refused(self._why_not(verdict, published), verdict.findings)
        if suspect:
            who = self._holder(suspect[0], published)
            self._tell(
                text("{who} holds suspect commits: {count}; svcdesk audit verify says why", who=who, count=len(suspect))
            )

    def _holder(self, commit: str, published: str) -> str | Text:
        """Return what is to be called the one that holds a commit: the remote, where it is published."""
        return self.remote.name if published and self.desk.store.holds(published, commit) else text("this desk")

    def _why_not(self, verdict: Verdict, published: str) -> Text:
        who = self._holder(verdict.commit, published)
        said = text(
            "{who} holds {commit}, which is {level}; nothing was moved",
            who=who,
            commit=verdict.commit[:12],
            level=LABELS[verdict.level],
        )
        if isinstance(who, str):
            return text("{fault}, see svcdesk sync --help", fault=said)
        return text("{fault}; svcdesk doctor tells the way out", fault=said)

    def _tell(self, notice: Text) -> None:
        """Say something once, however many rounds it takes."""
        if notice not in self.done.notices:
            self.done.notices.append(notice)

    def _first_pin(self, published: str, local: str) -> Pin:
        """Return what a clone that has never synced trusts: where its own history begins."""
        store = self.desk.store
        genesis = first_of(store, local)
        if first_of(store, published) != genesis:
            raise NeedsAttention(
                text("{remote} holds another desk; its history begins elsewhere", remote=self.remote.name)
            )
        self.desk.go_by(genesis)
        return Pin(genesis, genesis)

    def _offer(self, published: str, local: str) -> str:
        """Return the commit to publish: this desk's own tip, or both histories joined."""
        store = self.desk.store
        if not published or store.extends(local, published):
            return local
        if store.holds(local, published):
            raise NeedsAttention(
                text(
                    "{remote} took acts of this desk before others joined theirs to them elsewhere; make it anew,"
                    " and sync with it after the other server",
                    remote=self.remote.name,
                )
            )
        scene = Scene(store, self.desk.registers, self.desk.zone, self.desk.index, local)
        scene.move(published)
        by, at = self._person(scene), self._moment(published, local)
        self._refuse_tardy(published, local, at, scene)
        merge = recompute(store, scene.records, self.desk.zone, published, local, by, at)
        self.done.conflicts = merge.conflicts
        signer = signer_for(store.git, self.identity, scene.books.keys(by))
        sign = signer.sign if signer else None
        missing = None if sign else unsigned_merge(by, stamp(at, self.desk.zone), scene.books)
        if missing is not None:
            raise Refused(missing)
        return store.write((published, local), merge.files, merge.message, self.identity, at, sign)

    def _refuse_tardy(self, published: str, local: str, at: datetime, scene: Scene) -> None:
        """Refuse to join what was away for too long; raises Refused."""
        found = list(tardy(self.desk.store.brought(local, published), at, LATEST, scene.books))
        if found:
            message = text("{count} acts too old to be let in; the policy may allow more", count=len(found))
            raise Refused(message, [finding for _commit, finding in found])

    def _person(self, scene: Scene) -> str:
        """Return who joins the two, by the published staff register; raises Refused."""
        found = scene.books.find("staff", emails=self.identity.email.casefold())
        known = [each.id for each in found if each.state != "void"]
        if len(known) != 1:
            raise Refused(
                text("{email} belongs to no member of staff of this desk", email=self.identity.email)
            )
        return known[0]

    def _moment(self, published: str, local: str) -> datetime:
        """Return the moment of the merge: now, and after all that it joins, whatever clocks they went by."""
        latest = max(self.desk.store.time_of(each) for each in (published, local))
        return instant(stamp(max(self.now, latest + timedelta(seconds=1)), self.desk.zone))

    def _advance(self, local: str, tip: str) -> None:
        """Move the desk to what the remote holds, and pin it."""
        store = self.desk.store
        if tip != local:
            self.done.received += store.count(tip, local)
            store.move(local, tip)
        keep_pin(store, tip, self.remote.name)


def _pause(attempt: int) -> None:
    """Let the others finish; by chance, so that two who met do not meet again."""
    time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.05 * 2**attempt)))
