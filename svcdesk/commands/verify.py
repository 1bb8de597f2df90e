"""svcdesk audit verify: history held against the law, commit by commit."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click

from svcdesk import output
from svcdesk.audit.verdicts import LABELS
from svcdesk.audit.verdicts import LEVELS
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verdicts import is_worse
from svcdesk.audit.verdicts import worst
from svcdesk.commands.environment import Environment
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import Finding
from svcdesk.model import Text
from svcdesk.model import text

PLAIN = "consistent"
"""The worst verdict of which only the number is told, unless something better is asked for."""

UNSIGNED = Finding("", text("legal, but not signed"))
"""What is told of a commit against which nothing is found."""

PINNED = "excepted"
"""The worst verdict with which a history is pinned."""


@click.command()
@click.argument("range_", metavar="[RANGE]", required=False, default="")
@click.option(
    "--from",
    "start",
    default="",
    metavar="CHECKPOINT",
    help="Judge what came after it: a checkpoint's file, a commit, or pin, which is what this clone verified last.",
)
@click.option("--accept", type=click.Choice(LEVELS), default="excepted", help="The worst verdict to accept.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@click.pass_obj
def verify(env: Environment, range_: str, start: str, accept: str, form: Any) -> int:
    """Replay the history and judge each commit by what its parent's books allowed.

    From good to bad, a commit is valid: legal, and signed by a key that the books held; consistent: legal, but not
    signed; late: legal, but sent in late; excepted: it stands by an approved exception; suspect: legal, but what it
    rests on was taken back later, such as its key; unverifiable: something of it is missing; invalid: against a rule.
    What is worse than consistent is listed, and what is worse than --accept. Where a RANGE or --from is given, the
    verdict is that of these commits alone.
    """
    from svcdesk.audit.starting import hold
    from svcdesk.audit.starting import verify as verdicts
    from svcdesk.pin import pin_verified

    hold(env.desk)
    known, tip = _range(env, range_, start)
    counts: Counter[str] = Counter()
    told = []
    for each in verdicts(env.desk, tip, env.now, known):
        counts[each.level] += 1
        if is_worse(each.level, min(PLAIN, accept, key=LEVELS.index)):
            told.append(each)
    told.sort(key=lambda each: -LEVELS.index(each.level))
    verdict = worst(counts)
    if form == "json":
        output.write(
            sys.stdout,
            [
                output.json_text(
                    {"verdict": verdict, "commits": [row for each in told for row in _rows(each)]}
                )
            ],
        )
    else:
        output.write(sys.stdout, (line for each in told for line in _lines(each)))
    env.talk(
        _summary(counts, verdict, partial=bool(known) or tip != env.desk.tip)
        if counts
        else text("no commit came after {commit}", commit=known[:12])
    )
    if not is_worse(verdict, PINNED):
        pin_verified(env.desk.store, env.desk.tip, known, tip)
    return Exit.FINDINGS if is_worse(verdict, accept) else Exit.DONE


def _range(env: Environment, given: str, start: str) -> tuple[str, str]:
    """Return the commit that is known (empty: none) and the one to verify up to."""
    first, dots, last = given.rpartition("..")
    if start and dots:
        raise BadInput(text("{range} has a beginning, and --from gives another; leave one out", range=given))
    store = env.desk.store
    tip = store.resolve(last) if last else env.desk.tip
    if start:
        from svcdesk.audit.witness import known_by

        return known_by(env.desk, start), tip
    return (store.resolve(first) if dots and first else ""), tip


def _lines(verdict: Verdict) -> Iterator[str]:
    for each in verdict.findings or (UNSIGNED,):
        parts = [verdict.commit[:12], say(LABELS[verdict.level])]
        place = verdict.place(each)
        parts += [output.safe(part) for part in (place, ", ".join(each.clauses)) if part]
        parts.append(_("{message} ({rule})", message=each.message, rule=each.rule) if each.rule else say(each.message))
        yield _(": ").join(parts) + "\n"


def _rows(verdict: Verdict) -> Iterator[dict[str, Any]]:
    for each in verdict.findings or (UNSIGNED,):
        yield {
            "commit": verdict.commit,
            "verdict": verdict.level,
            "rule": each.rule,
            "clause": ", ".join(each.clauses),
            "record": each.record or " ".join(verdict.records[:1]),
            "message": say(each.message),
        }


def _summary(counts: Counter[str], verdict: str, partial: bool) -> Text:
    listed = _(", ").join(f"{say(LABELS[each])} {counts[each]}" for each in reversed(LEVELS) if counts[each])
    told = {"count": sum(counts.values()), "list": listed, "verdict": LABELS[verdict]}
    if partial:
        return text("{count} commits: {list}; the verdict of this range alone: {verdict}", **told)
    return text("{count} commits: {list}; the desk's verdict: {verdict}", **told)
