"""Commit messages: subject, reason, and one strict trailer block, written and read. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence

from svcdesk.model import Change
from svcdesk.model import Step
from svcdesk.workflow import FORMAT

TRAILERS = (
    "Svcdesk-Action",
    "Svcdesk-Record",
    "Svcdesk-Actor",
    "Svcdesk-Signed",
    "Svcdesk-At",
    "Svcdesk-Policy",
    "Svcdesk-Exception",
    "Svcdesk-Format",
)
"""Each at most once, in this order."""

_TRAILER = re.compile(r"(Svcdesk-[A-Z][a-z]+): (\S.*)")


def compose(change: Change, policy_tree: str) -> str:
    """Return the message of the commit that records a change; `policy_tree` is the parent's."""
    step = change.leading
    touched = [each.new.id for each in change.steps[1:]] if change.kind == "act" else []
    values = {
        "Svcdesk-Action": step.action if change.kind == "act" else change.kind,
        "Svcdesk-Record": " ".join([step.new.id, *touched]),
        "Svcdesk-Actor": step.actor,
        "Svcdesk-Signed": " ".join(_signed(step)),
        "Svcdesk-At": step.at,
        "Svcdesk-Policy": policy_tree,
        "Svcdesk-Format": str(FORMAT),
    }
    reason = quote(str(step.act.get("reason", "")))
    return "\n\n".join(filter(None, (subject(change), reason, _block(values)))) + "\n"


def compose_merge(actor: str, at: str, conflicts: Sequence[str], policy_tree: str) -> str:
    """Return the message of the commit that joins two histories; `policy_tree` is the published one's."""
    values = {
        "Svcdesk-Action": "merge",
        "Svcdesk-Record": " ".join(conflicts),
        "Svcdesk-Actor": actor,
        "Svcdesk-At": at,
        "Svcdesk-Policy": policy_tree,
        "Svcdesk-Format": str(FORMAT),
    }
    return "merge\n\n" + _block(values) + "\n"


def _block(values: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {values[name]}" for name in TRAILERS if values.get(name))


def subject(change: Change) -> str:
    """Return the first line: `key-loan KL2611-A0012: return`."""
    if change.kind == "init":
        return "init"
    return f"{change.leading.new.register} {change.leading.new.id}: {change.leading.action}"


def quote(reason: str) -> str:
    """Return a reason as quoted lines, so that none of them can pass for a trailer."""
    return "\n".join(f"> {line}".rstrip() for line in reason.splitlines())


def _signed(step: Step) -> Sequence[str]:
    entries = step.act.get("signed", ())
    signatures = step.new.signatures()[-len(entries) :] if entries else ()
    return [f"{each.line}={each.signer}({each.assurance})" for each in signatures]


def parse(message: str) -> Mapping[str, str]:
    """Return the trailers of a message; empty where the block is not exactly as `compose` writes it."""
    block = message.rstrip("\n").rpartition("\n\n")[2]
    found: dict[str, str] = {}
    for line in block.splitlines():
        match = _TRAILER.fullmatch(line)
        if match is None or match[1] in found:
            return {}
        found[match[1]] = match[2]
    known = [name for name in TRAILERS if name in found]
    return found if list(found) == known else {}
