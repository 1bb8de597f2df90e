"""What later history says of a commit: keys declared compromised, exceptions approved. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

from svcdesk.audit.verdicts import Verdict
from svcdesk.books import OpenBooks
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.pin import RETURNED

GOOD = ("valid", "consistent", "late")

COMPROMISED = "compromised-key"
"""What is said of a commit whose key was declared compromised since."""


def compromised(signed: Mapping[str, str], since: Mapping[str, Sequence[str]]) -> dict[str, Finding]:
    """Return what is to be said of commits whose key is by now declared compromised.

    `signed` gives for each commit, in the order of history, the key that signed it; `since` gives for
    each such key the last commit that was surely the owner's, as each declaration names it: the earliest counts.
    """
    order = {commit: number for number, commit in enumerate(signed)}
    earliest = {key: min(named, key=lambda each: order.get(each, -1)) for key, named in since.items()}
    found = {}
    for commit, key in signed.items():
        if key in earliest and order[commit] > order.get(earliest[key], -1):
            message = text("signed with a key that was compromised after {commit}", commit=earliest[key][:12])
            found[commit] = Finding(COMPROMISED, message)
    return found


def reviewed(verdict: Verdict, late: Finding | None, doubts: Sequence[Finding], books: OpenBooks) -> Verdict:
    """Return the verdict on a commit in the light of what came later: it joined late, it became suspect."""
    if verdict.level in GOOD:
        back = _returned(verdict, books)
        if not (doubts or back or late or verdict.findings):
            return verdict
        suspect = bool(doubts) and not _stands(verdict, doubts, books)
        excepted = "excepted" if doubts or back else "late" if late else verdict.level
        findings = tuple(each for each in (*doubts, back, late) if each)
        return replace(verdict, level="suspect" if suspect else excepted, findings=findings)
    return replace(verdict, level="excepted") if _stands(verdict, verdict.findings, books) else verdict


def _stands(verdict: Verdict, findings: Sequence[Finding], books: OpenBooks) -> bool:
    """Tell whether a commit may have these findings by approval."""
    broken = {each.rule for each in findings}
    return bool(broken) and broken <= _excepted(verdict, books)


def _returned(verdict: Verdict, books: OpenBooks) -> Finding | None:
    """Return what is to be said of the last commit that a server had lost and was given back by approval."""
    for each in books.find("audit-exception", commit=verdict.commit):
        if each.state == "approved" and RETURNED in each["broken"]:
            message = text("a server had lost it and what led to it, and was given it back by {record}", record=each.id)
            return Finding(RETURNED, message)
    return None


def _excepted(verdict: Verdict, books: OpenBooks) -> set[str]:
    """Return the rules that a commit may have broken by approval."""
    found = books.find("audit-exception", commit=verdict.commit)
    approved = (each for each in found if each.state == "approved")
    return {rule for each in approved if _by_another(each, verdict.actor, books) for rule in each["broken"]}


def _by_another(exception: Record, author: str, books: OpenBooks) -> bool:
    """Whether somebody else than the commit's author has approved, or one alone kept the desk."""
    signed = exception.signatures("approver")
    alone = len(books.holders_of(("desk-admin",), signed[-1].at)) < 2 if signed else False
    return alone or any(each.signer != author for each in signed)
