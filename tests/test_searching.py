"""Finding sealed texts without reading them: who, what, until when, and that an erasure leaves no guess a hold."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk import vault
from svcdesk.desk import Desk
from svcdesk.keystore import Keystore
from svcdesk.keystore import Stored
from svcdesk.sealed import Envelope
from svcdesk.sealing import Reader
from svcdesk.sealing import bound_text
from svcdesk.sealing import keys_of
from svcdesk.sealing import may_read
from svcdesk.sealing import store_of
from svcdesk.sealing import wrapped
from svcdesk.searching import Searcher
from svcdesk.searching import likeness
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.desks import git
from tests.desks import unchanged
from tests.test_sealing import ADD
from tests.test_sealing import LATER
from tests.test_sealing import PHONE
from tests.test_sealing import SUBJECT
from tests.test_sealing import erased
from tests.test_sealing import sealed as sealed

OTHER = "139-8888-0000"
HIT = f"{SUBJECT} contact\n"
FINDER = "S-A0003"
READER = "S-A0005"
FIND = ("--find", "customer=engineering-staff")


def find(
    sealed: Svcdesk, value: str, as_: str = "engineer", exit_code: int = 0, cwd: Path | None = None
) -> str:
    """Return what a search of the customers prints."""
    return sealed(["seal", "find", "customer", value], exit_code, as_=as_, cwd=cwd).stdout


def name_finders(sealed: Svcdesk) -> None:
    """Let engineers find what is customers'; what was sealed before is still to be tagged."""
    key = sealed("seal key", as_="engineer").stdout.strip()
    sealed(["seal", "setup", "--store", str(store(sealed).folder), *FIND, "--recipient", key])


@pytest.fixture
def searched(sealed: Svcdesk) -> Svcdesk:
    """A desk that seals, on which the engineer finds and does not read; the manager has tagged what there was."""
    name_finders(sealed)
    sealed("seal rewrap", as_="manager")
    return sealed


def store(sealed: Svcdesk) -> Keystore:
    found = store_of(Desk(sealed.cwd))
    assert found is not None
    return found


def searcher(sealed: Svcdesk, staff: str = FINDER) -> Searcher:
    found = Desk(sealed.cwd)
    return Searcher(found, found.books, staff, LATER)


def tags(sealed: Svcdesk) -> list[str]:
    return sorted(each.name for each in store(sealed).folder.glob("keys/*/*.tag"))


def search_keys(sealed: Svcdesk) -> list[str]:
    return sorted(each.name for each in (store(sealed).folder / "search").glob("*"))


def test_who_may_only_find_finds_and_does_not_read(searched: Svcdesk) -> None:
    for typed in (PHONE, f"  {PHONE.upper()} "):
        assert find(searched, typed) == find(searched, typed, as_="clerk") == HIT
    assert find(searched, PHONE[:-1], exit_code=3) == ""
    assert find(searched, PHONE[:-1], as_="clerk", exit_code=3) == ""
    shown = searched(f"customer show {SUBJECT}", as_="engineer").stdout
    assert "Contact: (sealed)" in shown
    assert searched("seal status", as_="engineer").stdout.endswith(", 0 open to you\n")


def test_who_may_do_neither_is_told_so(searched: Svcdesk) -> None:
    with unchanged(searched):
        said = searched(["seal", "find", "customer", PHONE], as_="head", exit_code=4)
    assert said.stdout == ""
    start = (
        "svcdesk: S-A0004 may neither read nor find what is sealed in customer; it needs engineering-staff | "
    )
    assert said.stderr.startswith(start)


def test_what_is_no_sealed_field_is_told_so(searched: Svcdesk) -> None:
    said = searched("seal find customer owner --field kind", as_="engineer", exit_code=2).stderr
    assert said == "svcdesk: nothing is sealed in customer kind\n"
    searched("seal find key 14", as_="engineer", exit_code=2)
    searched(["seal", "find", "customer", PHONE, "--field", "name"], as_="engineer", exit_code=3)
    assert searched(["seal", "find", "customer", PHONE, "--field", "contact"], as_="engineer").stdout == HIT


def test_what_was_corrected_is_no_longer_found(searched: Svcdesk) -> None:
    searched(f"customer change {SUBJECT} --contact {OTHER}", as_="clerk")
    for login in ("engineer", "clerk"):
        assert find(searched, PHONE, login, exit_code=3) == ""
        assert find(searched, OTHER, login) == HIT


def test_what_others_enter_is_found_once_a_reader_has_tagged_it(searched: Svcdesk) -> None:
    line = f"complaint open --channel phone --subject product --complainant Zhao --contact {OTHER} --content noise"
    record = searched(line, as_="head").stdout.split()[0]
    asked = ["seal", "find", "complaint", OTHER]
    assert searched(asked, as_="clerk").stdout == f"{record} contact\n"
    searched(asked, as_="engineer", exit_code=3)
    searched("seal rewrap", as_="engineer", exit_code=7)
    searched(asked, as_="engineer", exit_code=3)
    searched("seal rewrap", as_="manager")
    assert searched(asked, as_="engineer").stdout == f"{record} contact\n"
    before = tags(searched)
    searched("seal rewrap", as_="manager")
    assert tags(searched) == before


def test_what_was_sealed_before_anybody_found_is_found_after_a_rewrap(sealed: Svcdesk) -> None:
    name_finders(sealed)
    said = sealed(["seal", "find", "customer", PHONE], as_="engineer", exit_code=7).stderr
    assert said.startswith(
        "svcdesk: you may find customer fields, but have no key for it: svcdesk seal key shows"
    )
    sealed("seal rewrap", as_="manager")
    assert find(sealed, PHONE) == HIT


def test_who_only_finds_tags_what_he_enters(searched: Svcdesk) -> None:
    line = f"complaint open --channel phone --subject product --complainant Zhao --contact {OTHER} --content noise"
    record = searched(line, as_="engineer").stdout.split()[0]
    assert searched(["seal", "find", "complaint", OTHER], as_="engineer").stdout == f"{record} contact\n"


def test_what_is_entered_in_one_go_is_tagged(searched: Svcdesk) -> None:
    items = [{"name": f"Owner {each}", "kind": "owner", "contact": f"{OTHER}{each}"} for each in "12"]
    searched("customer add --from -", as_="clerk", stdin=json.dumps(items))
    assert [find(searched, each["contact"]) for each in items] == ["CU-A0002 contact\n", "CU-A0003 contact\n"]


def test_each_class_is_searched_by_what_one_may(searched: Svcdesk) -> None:
    searched(["seal", "setup", "--store", str(store(searched).folder), "--find", "restricted=cs-assistant"])
    searched("staff change S-A0004 --grade 'level seven'", as_="admin")
    searched("seal rewrap", as_="manager")
    grade = ["seal", "find", "staff", "Level Seven"]
    assert searched(grade, as_="clerk").stdout == searched(grade, as_="manager").stdout == "S-A0004 grade\n"
    searched(grade, as_="engineer", exit_code=4)
    name = ["seal", "find", "complaint", "canary content\n第二行"]
    for login in ("clerk", "engineer", "manager"):
        assert searched(name, as_=login).stdout == "C2611-A0001 content\n"


def test_without_the_private_key_nothing_is_found_and_what_is_entered_waits(
    searched: Svcdesk, home: Path
) -> None:
    (key,) = home.rglob(f"{FINDER}.key")
    key.rename(home / "elsewhere")
    searched(["seal", "find", "customer", PHONE], as_="engineer", exit_code=7)
    before = search_keys(searched), tags(searched)
    searched([*ADD[:3], "Other", *ADD[4:]], as_="engineer")
    assert (search_keys(searched), tags(searched)) == before


def guesses(sealed: Svcdesk, keys: Sequence[str]) -> list[str]:
    """Hold every guess, under each key for searching, against every sealed text of history; return what fits."""
    everything = ["git", "cat-file", "--batch-all-objects", "--batch", "--buffer"]
    held = subprocess.run(everything, cwd=sealed.cwd, capture_output=True, check=True).stdout.decode(
        "utf-8", "replace"
    )
    envelopes = set(re.findall(r"sealed:v1:[\w:/.-]+", held))
    assert len(envelopes) >= 3
    taken = searcher(sealed, READER).keys("customer")
    assert [each.name for each in taken] == list(keys)
    found = store(sealed)
    tried = [PHONE, *(f"138-canary-{number:04}" for number in range(100))]
    return [
        guess
        for guess in tried
        for envelope in envelopes
        for each in taken
        if found.is_tagged(envelope.split(":")[2], each.tag(envelope, guess))
    ]


def test_after_an_erasure_no_guess_is_confirmed(searched: Svcdesk) -> None:
    names = [each.removesuffix(".json") for each in search_keys(searched)]
    assert set(guesses(searched, names)) == {PHONE}
    erased(searched)
    assert guesses(searched, names) == []
    for login in ("engineer", "clerk"):
        assert find(searched, PHONE, login, exit_code=3) == ""
    assert not (store(searched).folder / "keys" / SUBJECT).exists()
    searched("seal rewrap", as_="manager")
    assert guesses(searched, names) == []
    assert searched("check --strict").stderr == "svcdesk: no findings\n"


def test_git_holds_neither_tags_nor_keys_for_searching(searched: Svcdesk) -> None:
    searched([*ADD[:3], "Other", *ADD[4:]], as_="clerk")
    (key,) = searcher(searched).keys("customer")
    everything = ["git", "cat-file", "--batch-all-objects", "--batch"]
    held = subprocess.run(everything, cwd=searched.cwd, capture_output=True, check=True).stdout
    digests = [each.split("-")[1].removesuffix(".tag").encode() for each in tags(searched)]
    secrets = [key.key, key.key.hex().encode(), key.name.encode(), *digests]
    assert len(digests) == 5
    assert not any(each in held for each in secrets)


def test_the_same_text_has_tags_that_differ(searched: Svcdesk) -> None:
    searched([*ADD[:3], "Other", *ADD[4:]], as_="clerk")
    found = [each.split("-")[1] for each in tags(searched)]
    assert find(searched, PHONE) == f"{HIT}CU-A0002 contact\n"
    assert len(set(found)) == len(found)


def test_who_is_dismissed_finds_nothing_new_and_after_a_rewrap_nothing(searched: Svcdesk) -> None:
    (old,) = searcher(searched).keys("customer")
    searched(f"seal dismiss {FINDER}")
    assert find(searched, PHONE) == HIT, "the past is open to him until it is wrapped anew"
    searched(f"customer change {SUBJECT} --contact {OTHER}", as_="clerk")
    assert find(searched, OTHER, exit_code=3) == ""
    assert len(search_keys(searched)) == 2
    searched("seal rewrap", as_="manager")
    searched(["seal", "find", "customer", OTHER], as_="engineer", exit_code=7)
    assert find(searched, OTHER, as_="clerk") == HIT
    assert searcher(searched).keys("customer") == []
    (new,) = searcher(searched, READER).keys("customer")
    assert new.name != old.name
    assert not any(each.startswith(old.name) for each in tags(searched))


def test_a_new_finder_finds_the_past_after_a_rewrap_with_the_same_key(searched: Svcdesk) -> None:
    before = search_keys(searched), tags(searched)
    key = searched("seal key", as_="head").stdout.strip()
    searched(
        ["seal", "setup", "--store", str(store(searched).folder), *FIND[:1], f"{FIND[1]},department-head"]
    )
    searched(["seal", "find", "customer", PHONE], as_="head", exit_code=7)
    searched(["seal", "admit", key])
    searched(["seal", "find", "customer", PHONE], as_="head", exit_code=7)
    searched("seal rewrap", as_="manager")
    assert find(searched, PHONE, as_="head") == HIT
    assert (search_keys(searched), tags(searched)) == before


def test_where_nobody_finds_any_more_nothing_is_kept_to_find_by(searched: Svcdesk) -> None:
    searched(["seal", "setup", "--store", str(store(searched).folder), "--find", "customer="])
    find(searched, PHONE, exit_code=4)
    searched(f"customer change {SUBJECT} --contact {OTHER}", as_="clerk")
    searched("seal rewrap", as_="manager")
    assert (search_keys(searched), tags(searched)) == ([], [])
    assert find(searched, OTHER, as_="clerk") == HIT


def test_a_desk_on_which_nobody_finds_keeps_nothing_to_find_by(sealed: Svcdesk) -> None:
    sealed("seal rewrap", as_="manager")
    assert {each.name for each in store(sealed).folder.iterdir()} == {"store.json", "keys", "erased"}
    assert tags(sealed) == []


def test_two_clones_of_one_store_find_what_either_enters(searched: Svcdesk) -> None:
    git(searched.cwd.parent, "clone", "-q", str(searched.cwd), "clone")
    clone, found = searched.cwd.parent / "clone", store(searched).folder
    searched("station B", cwd=clone)
    searched(["seal", "setup", "--store", str(found)], cwd=clone)
    assert find(searched, PHONE, cwd=clone) == HIT
    aside = found / "search"
    aside.rename(found / "aside")  # as if both clones had begun at the same moment
    searched([*ADD[:3], "Other", *ADD[4:6], "--contact", OTHER], as_="clerk", cwd=clone)
    for each in (found / "aside").iterdir():
        each.rename(aside / each.name)
    assert len(search_keys(searched)) == 2
    assert find(searched, OTHER, cwd=clone) == "CU-B0001 contact\n"
    assert find(searched, PHONE, cwd=clone) == HIT
    searched("seal rewrap", as_="manager", cwd=clone)
    assert len(search_keys(searched)) == 1
    assert find(searched, OTHER, cwd=clone) == "CU-B0001 contact\n"
    assert find(searched, PHONE, cwd=clone) == HIT


@pytest.mark.parametrize(
    "body", ["", "{}", "[1]", '{"class": "customer", "wraps": {"S-A0003": "?"}}', "\0\0"]
)
def test_a_damaged_key_for_searching_is_named(searched: Svcdesk, body: str) -> None:
    (name,) = search_keys(searched)
    (store(searched).folder / "search" / name).write_text(body, "ascii")
    said = f"svcdesk: search/{name} is damaged; take it from a backup of the key store\n"
    assert searched(["seal", "find", "customer", PHONE], as_="engineer", exit_code=7).stderr == said
    assert searched(f"customer change {SUBJECT} --contact 1", as_="clerk", exit_code=7).stderr == said
    assert searched("seal rewrap", as_="manager", exit_code=7).stderr == said
    assert find(searched, PHONE, as_="clerk") == HIT


def test_a_wrapping_that_is_none_gives_no_key(searched: Svcdesk) -> None:
    (name,) = search_keys(searched)
    file = store(searched).folder / "search" / name
    entry = json.loads(file.read_bytes())
    file.write_text(json.dumps({**entry, "wraps": dict.fromkeys(entry["wraps"], "AAAA")}), "ascii")
    said = searched(["seal", "find", "customer", PHONE], as_="engineer", exit_code=7).stderr
    assert "have no key for it" in said


def test_a_store_that_is_gone_is_named(searched: Svcdesk, home: Path) -> None:
    (home / "keys").rename(home / "gone")
    said = searched(["seal", "find", "customer", PHONE], as_="engineer", exit_code=7).stderr
    assert "is not the key store of this desk" in said


def test_finders_stay_when_readers_come_and_go(searched: Svcdesk) -> None:
    searched(f"seal dismiss {READER}")
    assert "customer: found, and not read, by engineering-staff; with a key: S-A0003\n" in (
        searched("seal status", as_="engineer").stdout
    )


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
LIKE = st.sampled_from([str.upper, str.lower, str.title, lambda each: f" {each}\n", lambda each: f"{each}x"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS, st.booleans(), LIKE)
@example("Straße é", "STRASSE e\u0301", True, str.strip)
def test_a_tag_finds_what_opening_finds(
    searched: Svcdesk, clear: str, other: str, alike: bool, change: Callable[[str], str]
) -> None:
    typed = change(clear) if alike else other
    found = Desk(searched.cwd)
    key, bare = vault.new_key(), Stored(vault.new_name(), SUBJECT, "customer", {})
    readers = keys_of(may_read, found.books, "customer", LATER)
    store(searched).put(wrapped(found.config.id, key, bare, readers))
    envelope = Envelope(SUBJECT, bare.name, SUBJECT, "note", "")
    envelope = envelope._replace(body=vault.seal(key, clear, bound_text(found.config.id, envelope)))
    hand, eye = Searcher(found, found.books, FINDER, LATER), Reader(found, found.books, READER, LATER)
    store(searched).tag(SUBJECT, [hand.keys("customer")[0].tag(str(envelope), clear)])
    opened = eye.open(str(envelope))
    assert opened == clear
    for each in (typed, clear):
        assert hand.finds("customer", str(envelope), each) is (likeness(opened) == likeness(each))
