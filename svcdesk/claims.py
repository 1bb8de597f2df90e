"""A rule: one claim that must hold, the clauses that it serves, and the function that tests it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from typing import Literal
from typing import NamedTuple

from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text

StateTest = Callable[[Record, Books], Iterable[Text]]
ActTest = Callable[[Step, Books], Iterable[Text]]


class Rule(NamedTuple):
    """One claim that must hold, the clauses that it serves, and the function that tests it."""

    name: str
    clauses: tuple[str, ...]
    sentence: str
    about: Literal["state", "act", "open"]
    test: Callable[[Any, Books], Iterable[Text]]
    actions: tuple[str, ...] = ()
    fixed: bool = False
    only_flags: str = ""
    since: int = 1


def _claim(test: Callable[..., Any]) -> tuple[str, str]:
    """Name and sentence of a rule: the function's name and the first line of its docstring."""
    return test.__name__.replace("_", "-"), (test.__doc__ or "").strip().splitlines()[0]


def state_rule(
    *clauses: str, only_flags: str = "", fixed: bool = False, since: int = 1
) -> Callable[[StateTest], Rule]:
    """Make a rule about a record as it stands; the docstring is its sentence, `fixed` as of act rules."""

    def wrap(test: StateTest) -> Rule:
        name, sentence = _claim(test)
        return Rule(name, clauses, sentence, "state", test, (), fixed, only_flags, since)

    return wrap


def open_rule(*clauses: str, since: int = 1) -> Callable[[StateTest], Rule]:
    """Make a rule about what a record may be left with for a while: nothing is refused, but check fails."""

    def wrap(test: StateTest) -> Rule:
        name, sentence = _claim(test)
        return Rule(name, clauses, sentence, "open", test, since=since)

    return wrap


def act_rule(
    *clauses: str, actions: tuple[str, ...] = (), fixed: bool = False, since: int = 1
) -> Callable[[ActTest], Rule]:
    """Make a rule about an act (of these actions, or of any); `fixed` rules cannot be switched off."""

    def wrap(test: ActTest) -> Rule:
        name, sentence = _claim(test)
        return Rule(name, clauses, sentence, "act", test, actions, fixed, since=since)

    return wrap
