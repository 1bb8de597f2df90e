"""What must hold of every commit, each claim in one function."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from svcdesk.audit.act_rules import acts_are_legal
from svcdesk.audit.act_rules import acts_are_only_added
from svcdesk.audit.act_rules import files_are_records
from svcdesk.audit.act_rules import numbers_follow_each_other
from svcdesk.audit.act_rules import stamps_name_the_parents_tree
from svcdesk.audit.act_rules import touched_records_are_those_declared
from svcdesk.audit.commit_rules import author_is_the_actor
from svcdesk.audit.commit_rules import bytes_are_those_of_the_name
from svcdesk.audit.commit_rules import entry_is_the_commit
from svcdesk.audit.commit_rules import files_are_plain
from svcdesk.audit.commit_rules import kind_fits_the_place
from svcdesk.audit.commit_rules import message_agrees_with_the_files
from svcdesk.audit.commit_rules import nothing_comes_from_the_future
from svcdesk.audit.commit_rules import one_person_at_one_moment
from svcdesk.audit.commit_rules import signature_is_the_actors
from svcdesk.audit.commit_rules import time_goes_forward
from svcdesk.audit.merge_rules import conflicts_arise_in_merges
from svcdesk.audit.merge_rules import merge_is_what_both_sides_make
from svcdesk.audit.merge_rules import nothing_joins_too_late
from svcdesk.audit.rows import imports_account_for_their_rows
from svcdesk.audit.subject import Subject
from svcdesk.model import Finding

Rule = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    bytes_are_those_of_the_name,
    one_person_at_one_moment,
    time_goes_forward,
    nothing_comes_from_the_future,
    kind_fits_the_place,
    files_are_plain,
    files_are_records,
    acts_are_only_added,
    merge_is_what_both_sides_make,
    nothing_joins_too_late,
    conflicts_arise_in_merges,
    author_is_the_actor,
    signature_is_the_actors,
    message_agrees_with_the_files,
    entry_is_the_commit,
    touched_records_are_those_declared,
    imports_account_for_their_rows,
    stamps_name_the_parents_tree,
    numbers_follow_each_other,
    acts_are_legal,
)
"""In the order in which what they find is told."""
