"""Which rules bind, and how: the desk's own word on each, the regulations in scope, the set adopted. Pure."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from functools import cache

from svcdesk.claims import Rule
from svcdesk.declared import Register
from svcdesk.model import Severity

SETTINGS = ("rules", "scope.excluded", "rules.adopted")
"""The settings that say which rules bind, in the order in which `Bindings` takes them."""


class Bindings:
    """How rules bind while one version of each of these settings is in force.

    A check asks for the rules of every act, but few kinds of acts are done under few versions: each is
    worked out once.
    """

    def __init__(self, rules: Mapping[str, str], excluded: Collection[str], adopted: int) -> None:
        self._rules = rules
        self._excluded = excluded
        self._adopted = adopted
        self._known: dict[tuple[str, str, str], tuple[tuple[Rule, Severity], ...]] = {}

    def binding(self, register: Register, about: str, action: str = "") -> tuple[tuple[Rule, Severity], ...]:
        """Return the rules of a register about this (acts: of this kind) that bind, and how each does."""
        key = register.name, about, action
        if key not in self._known:
            self._known[key] = tuple(self._weighed(register, about, action))
        return self._known[key]

    def _weighed(self, register: Register, about: str, action: str) -> Iterator[tuple[Rule, Severity]]:
        for rule in register.rules:
            if rule.about == about and (not rule.actions or action in rule.actions):
                weight = self.severity(rule)
                if weight is not None:
                    yield rule, weight

    def severity(self, rule: Rule) -> Severity | None:
        """Return how a rule binds; None where it is off or out of scope."""
        if rule.fixed:
            return "error"
        if self.is_off(rule) or all_excluded(rule.clauses, self._excluded):
            return None
        binding = self._rules.get(rule.name, "refuse")
        adopted = rule.since <= self._adopted
        return "error" if binding == "refuse" and adopted and not rule.only_flags else "warning"

    def is_off(self, rule: Rule) -> bool:
        """Tell whether the desk has switched a rule off that may be."""
        return not rule.fixed and self._rules.get(rule.name) == "off"


def all_excluded(clauses: Collection[str], excluded: Collection[str]) -> bool:
    """Tell whether every clause stands in a regulation that does not bind this kind of department."""
    return bool(clauses and excluded) and all(document(each) in excluded for each in clauses)


@cache
def document(clause: str) -> str:
    """Return the code of the regulation that a clause stands in: `CS13-4.1#1` is in `CS13`."""
    parts = clause.split("-")
    return "-".join(parts[:2]) if parts[0] == "GC" else parts[0]
