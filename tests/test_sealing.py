"""Sealing on a real desk: clear to whom policy lets read, sealed to all others, gone when the key is."""

from __future__ import annotations

import json
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.desks import git
from tests.desks import unchanged

NAME = "Canary Wang 金丝雀"
PHONE = "138-canary-0000"
WORDS = "canary content\n第二行"
LATER = "2026-11-22T10:00:00+08:00"
SUBJECT = "CU-A0001"
FILE = "records/customer/A00/CU-A0001.yaml"
ADD = ["customer", "add", "--name", NAME, "--kind", "owner", "--contact", PHONE]


def set_up(desk: Svcdesk) -> None:
    """Let the manager and the clerk read, then go on an hour later."""
    keys = [desk("seal key", as_=login).stdout.strip() for login in ("manager", "clerk")]
    desk(["seal", "setup", *(part for each in keys for part in ("--recipient", each))])
    desk.now = LATER


def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "a-sealed-home"


@pytest.fixture
def sealed(desk: Svcdesk, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Svcdesk:
    """A desk that seals, with a customer and a complaint of his that the clerk has entered."""
    template = tmp_path_factory.getbasetemp() / "a-sealed-desk"
    store = home / "keys"
    if not template.exists():
        set_up_in(desk, store)
        shutil.copytree(home, homes(tmp_path_factory))
        shutil.copytree(desk.cwd, template, symlinks=True)
    else:
        shutil.rmtree(desk.cwd)
        shutil.copytree(template, desk.cwd, symlinks=True)
        shutil.copytree(homes(tmp_path_factory), home, dirs_exist_ok=True)
        desk.now = LATER
        desk(["seal", "setup", "--store", str(store)])
    return desk


def set_up_in(desk: Svcdesk, store: Path) -> None:
    keys = [desk("seal key", as_=login).stdout.strip() for login in ("manager", "clerk")]
    desk(["seal", "setup", "--store", str(store), *(part for each in keys for part in ("--recipient", each))])
    desk.now = LATER
    desk(ADD, as_="clerk")
    opened = ["complaint", "open", "--channel", "phone", "--subject", "product", "--customer", NAME]
    desk([*opened, "--content", WORDS], as_="clerk")


def pieces(*folders: Path) -> Iterator[bytes]:
    """Everything that lies below some folders: file names, files, and what zlib has pressed into them."""
    for folder in folders:
        for path in folder.rglob("*"):
            yield str(path).encode()
            if path.is_file() and not path.is_symlink():
                body = path.read_bytes()
                yield body
                try:
                    yield zlib.decompress(body)
                except zlib.error:
                    continue


def holding(words: str, *folders: Path) -> int:
    wanted = [words.encode(), words.splitlines()[0].encode(), json.dumps(words)[1:-1].encode()]
    return sum(any(each in piece for each in wanted) for piece in pieces(*folders))


def test_before_it_is_set_up_nothing_is_sealed(desk: Svcdesk) -> None:
    desk(ADD, as_="clerk")
    assert f"contact: {PHONE}\n" in (desk.cwd / FILE).read_text("utf-8")
    set_up(desk)
    assert desk("check").stderr == "svcdesk: no findings\n"
    assert PHONE in desk(f"customer show {SUBJECT}", as_="engineer").stdout


def test_who_may_read_reads_and_others_do_not(sealed: Svcdesk) -> None:
    for login in ("clerk", "manager"):
        shown = sealed(f"customer show {SUBJECT}", as_=login).stdout
        assert NAME in shown
        assert PHONE in shown
        assert NAME in sealed("customer list", as_=login).stdout
        assert NAME in sealed("complaint show A0001", as_=login).stdout
        data = json.loads(sealed(f"customer show {SUBJECT} --format json", as_=login).stdout)
        assert (data["contact"], data["acts"][0]["sets"]["contact"]) == (PHONE, PHONE)
    for login in ("engineer", "admin", "head"):
        lines = ["customer list", "complaint show A0001", "audit log", f"audit blame {SUBJECT}", "check"]
        lines += [f"customer list --format {each}" for each in ("json", "yaml", "csv")]
        said = "".join("".join(sealed(line, as_=login)[:2]) for line in lines)
        assert "(sealed)" in said
        assert not any(each in said for each in (NAME, PHONE, "canary"))


def test_nothing_of_it_lies_in_clear(sealed: Svcdesk, home: Path) -> None:
    sealed("due", as_="clerk")
    sealed("complaint list", as_="clerk")
    for words in (NAME, PHONE, WORDS):
        assert holding(words, sealed.cwd, home) == 0
    assert sealed("check --strict").stderr == "svcdesk: no findings\n"


def test_the_search_for_canaries_finds_them(desk: Svcdesk) -> None:
    desk(ADD, as_="clerk")
    assert holding(NAME, desk.cwd) >= 3


def test_a_fold_keeps_the_envelope_of_its_act(sealed: Svcdesk) -> None:
    sealed(f"customer change {SUBJECT} --contact 139", as_="clerk")
    data = json.loads(sealed(f"customer show {SUBJECT} --format json", as_="engineer").stdout)
    acts = [each["sets"]["contact"] for each in data["acts"]]
    assert data["contact"] == acts[1] != acts[0]
    assert data["contact"].startswith(f"sealed:v1:{SUBJECT}:")
    assert sealed("check").stderr == "svcdesk: no findings\n"


def test_names_that_are_sealed_still_lead_to_records(sealed: Svcdesk) -> None:
    assert sealed(["customer", "show", NAME], as_="clerk").exit_code == 0
    sealed(["customer", "show", NAME], as_="engineer", exit_code=3)
    assert sealed(["seal", "find", "customer", PHONE], as_="manager").stdout == f"{SUBJECT} contact\n"
    assert sealed(["seal", "find", "customer", PHONE], as_="engineer", exit_code=4).stdout == ""


def test_who_may_not_read_still_enters(sealed: Svcdesk) -> None:
    line = "complaint open --channel phone --subject product --complainant Zhao --contact 139 --content noise"
    record = sealed(line, as_="head").stdout.split()[0]
    assert "Content: (sealed)" in sealed(f"complaint show {record}", as_="head").stdout
    assert "Content: noise" in sealed(f"complaint show {record}", as_="manager").stdout


def test_limits_of_clear_text_hold_while_it_is_sealed(sealed: Svcdesk) -> None:
    with unchanged(sealed):
        said = sealed(["customer", "change", SUBJECT, "--contact", "x" * 201], as_="clerk", exit_code=2).stderr
        assert "at most this many characters are allowed: 200" in said
    sealed(["customer", "change", SUBJECT, "--note", "文" * 4000], as_="clerk")


def by_hand(sealed: Svcdesk, old: str, new: str) -> str:
    """Change a customer's file as an editor would, and return what check says."""
    file = sealed.cwd / FILE
    before = file.read_text("utf-8")
    file.write_text(before.replace(old, new), "utf-8")
    said = sealed("check", exit_code=1).stdout
    file.write_text(before, "utf-8")
    return said


def test_clear_text_after_the_setup_is_a_finding(sealed: Svcdesk) -> None:
    sealed_contact = json.loads(sealed(f"customer show {SUBJECT} --format json", as_="engineer").stdout)["contact"]
    said = by_hand(sealed, sealed_contact, "138-0000")
    assert "contact: in clear, though this desk seals it (sealed-not-clear)" in said


def test_an_envelope_opens_only_where_it_was_made_for(sealed: Svcdesk) -> None:
    data = json.loads(sealed(f"customer show {SUBJECT} --format json", as_="engineer").stdout)
    said = by_hand(sealed, data["contact"], data["name"])
    assert "contact: sealed for another record or field (sealed-in-place)" in said
    moved = data["name"].replace(f"{SUBJECT}/name", f"{SUBJECT}/contact")
    file = sealed.cwd / FILE
    file.write_text(file.read_text("utf-8").replace(data["contact"], moved), "utf-8")
    git(sealed.cwd, "commit", "-qam", "forged")
    assert "Contact: (sealed)" in sealed(f"customer show {SUBJECT}", as_="clerk").stdout


def test_what_is_no_envelope_may_not_look_like_one(sealed: Svcdesk) -> None:
    said = sealed(["customer", "change", SUBJECT, "--contact", "sealed:v1:x"], as_="clerk", exit_code=2).stderr
    assert "contact: … was given" in said


def test_a_clone_without_the_store_reads_nothing_and_enters_nothing(sealed: Svcdesk) -> None:
    git(sealed.cwd.parent, "clone", "-q", str(sealed.cwd), "clone")
    clone = sealed.cwd.parent / "clone"
    assert "(sealed)" in sealed("customer list", as_="clerk", cwd=clone).stdout
    sealed("station B", cwd=clone)
    said = sealed([*ADD[:3], "Other", *ADD[4:]], as_="clerk", cwd=clone, exit_code=7).stderr
    assert said == (
        "svcdesk: this clone does not know the desk's key store; svcdesk seal setup --store DIR names it\n"
    )
    keys = json.loads((sealed.cwd / ".git/svcdesk/seal.json").read_bytes())["store"]
    sealed(["seal", "setup", "--store", keys], cwd=clone)
    assert NAME in sealed("customer list", as_="clerk", cwd=clone).stdout
    sealed([*ADD[:3], "Other", *ADD[4:]], as_="clerk", cwd=clone)


def test_a_store_that_cannot_be_reached_hides_and_stops(sealed: Svcdesk, home: Path) -> None:
    (home / "keys").rename(home / "gone")
    assert "(sealed)" in sealed("customer list", as_="clerk").stdout
    assert "is not the key store of this desk" in sealed(ADD, as_="clerk", exit_code=7).stderr


def test_a_damaged_key_hides_and_stops(sealed: Svcdesk, home: Path) -> None:
    (key,) = (home / f"keys/keys/{SUBJECT}").iterdir()
    key.write_text("{}", "ascii")
    assert "(sealed)" in sealed("customer list", as_="clerk").stdout
    assert "is damaged" in sealed(f"customer change {SUBJECT} --contact 1", as_="clerk", exit_code=7).stderr


def test_a_list_does_not_look_for_what_it_cannot_see(sealed: Svcdesk) -> None:
    said = sealed(f"customer list --where contact={PHONE}", as_="clerk", exit_code=2).stderr
    assert "svcdesk seal find customer TEXT" in said


def test_keys_lie_outside_git(desk: Svcdesk, tmp_path: Path) -> None:
    key = desk("seal key", as_="manager").stdout.strip()
    said = desk(["seal", "setup", "--recipient", key, "--store", "keys"], exit_code=2).stderr
    assert "keys belong outside" in said
    assert not (desk.cwd / "keys").exists()


def test_nobody_left_to_read_is_refused(desk: Svcdesk) -> None:
    key = desk("seal key", as_="clerk").stdout.strip()
    with unchanged(desk):
        said = desk(["seal", "setup", "--recipient", key], exit_code=2).stderr
        assert said.splitlines()[-1].startswith("svcdesk: nobody who may read restricted fields has a key")


def test_a_second_desk_admin_has_to_agree(desk: Svcdesk) -> None:
    desk("staff add --name Second --email second@example.org --post desk-admin --department administration")
    key = desk("seal key", as_="manager").stdout.strip()
    said = desk(["seal", "setup", "--recipient", key])
    record, state = said.stdout.split()
    assert state == "proposed"
    assert desk("seal status", exit_code=2).stderr == (
        f"svcdesk: this desk seals nothing yet: {record} waits, svcdesk policy approve {record}\n"
    )
    assert desk("seal setup").stderr.endswith(f"it binds once approved: svcdesk policy approve {record}\n")
    with unchanged(desk):
        again = desk(["seal", "setup", "--recipient", key, "--find", "customer=cs-lead"], exit_code=4).stderr
        assert f"{record} is to be approved or taken back first" in again
    desk(ADD, as_="clerk")
    assert PHONE in (desk.cwd / FILE).read_text("utf-8")
    desk("policy approve sealing", as_="second")
    desk([*ADD[:3], "Other", *ADD[4:]], as_="clerk", now=LATER)
    assert PHONE not in (desk.cwd / FILE.replace("1.yaml", "2.yaml")).read_text("utf-8")


def test_a_class_that_is_not_named_is_said_to_be_read_by_whom(desk: Svcdesk) -> None:
    key = desk("seal key", as_="manager").stdout.strip()
    said = desk(["seal", "setup", "--recipient", key, "--read", "customer=cs-manager"]).stderr
    assert "restricted fields are to be read by cs-manager, " in said
    assert "--read restricted=POST,… names others" in said
    assert "customer fields" not in said
    again = desk(["seal", "setup", "--recipient", key, "--read", "restricted=cs-manager"]).stderr
    assert "fields are to be read by" not in again
    assert "a change waits" not in desk("seal status").stderr


def test_a_second_change_waits_for_the_first(sealed: Svcdesk) -> None:
    sealed("staff add --name Second --email second@example.org --post desk-admin --department administration")
    changed = sealed("seal dismiss S-A0005").stdout.split()[0]
    assert f"a change waits: svcdesk policy approve {changed}" in sealed("seal status").stderr
    with unchanged(sealed):
        assert f"{changed} is to be approved" in sealed("seal dismiss S-A0002", exit_code=4).stderr
    sealed(f"policy withdraw {changed}")
    assert "a change waits" not in sealed("seal status").stderr


def test_readers_come_and_go(sealed: Svcdesk) -> None:
    line = f"customer show {SUBJECT}"
    sealed("staff add --name New --email new@example.org --post cs-assistant --department customer-service")
    key = sealed("seal key", as_="new").stdout.strip()
    sealed(["seal", "admit", key])
    sealed("seal dismiss S-A0005")
    assert "Contact: (sealed)" in sealed(line, as_="new").stdout
    assert f"Contact: {PHONE}" in sealed(line, as_="clerk").stdout, "the past is open to him until it is wrapped anew"
    assert sealed("seal rewrap", as_="manager").stderr == "svcdesk: 1 key wrapped anew; not yours to open: 0\n"
    assert f"Contact: {PHONE}" in sealed(line, as_="new").stdout
    assert "Contact: (sealed)" in sealed(line, as_="clerk").stdout


def test_a_reference_is_known_again_though_its_texts_are_sealed(sealed: Svcdesk) -> None:
    line = [*ADD[:3], "Twice", *ADD[4:], "--ref", "R1"]
    first = sealed(line, as_="clerk").stdout
    assert sealed(line, as_="clerk").stdout == first
    assert "stands for something else" in sealed([*line[:3], "Other", *line[4:]], as_="clerk", exit_code=4).stderr


def closed(sealed: Svcdesk) -> None:
    """Let the complaint end without more ado: void is as good as closed here."""
    sealed("complaint void A0001 --reason mistaken", as_="manager")


def test_erasing_takes_two_people_a_closed_case_and_days(sealed: Svcdesk) -> None:
    assert sealed(f"seal erase {SUBJECT}", as_="clerk", exit_code=2).stderr.startswith("svcdesk: no erasure of")
    asked = sealed(["seal", "erase", SUBJECT, "--basis", "letter 7"], as_="clerk")
    assert asked.stdout == "ER2611-A0001 requested\n"
    refused = sealed(f"seal erase {SUBJECT}", as_="clerk", exit_code=4).stderr
    assert "S-A0005 may not approve; it needs rank 60 or above: cs-manager | " in refused
    sealed(f"seal erase {SUBJECT}", as_="manager")
    week = "2026-11-29T{}+08:00"
    early = sealed(f"seal erase {SUBJECT}", as_="clerk", exit_code=4, now=week.format("09:59:59")).stderr
    assert "it may be carried out from 2026-11-29T10:00:00+08:00 on (erasure-waits)" in early
    assert f"C2611-A0001 about {SUBJECT} is open (nothing-open-is-erased)" in early
    closed(sealed)
    sealed(f"seal erase {SUBJECT}", as_="clerk", exit_code=4)
    done = sealed(f"seal erase {SUBJECT}", as_="clerk", now=week.format("10:00:00"))
    assert done.stdout == "ER2611-A0001 erased\n"


def erased(sealed: Svcdesk) -> None:
    closed(sealed)
    sealed(["seal", "erase", SUBJECT, "--basis", "letter 7"], as_="clerk")
    sealed(f"seal erase {SUBJECT}", as_="manager")
    sealed(f"seal erase {SUBJECT}", as_="clerk", now="2026-11-30T09:00:00+08:00")


def test_what_is_erased_nobody_reads_and_history_stands(sealed: Svcdesk, home: Path) -> None:
    tip = git(sealed.cwd, "rev-parse", "main").strip()
    erased(sealed)
    for line in (f"customer show {SUBJECT}", "complaint show A0001", "customer list", "audit log"):
        for login in ("clerk", "manager", "engineer"):
            said = sealed(line, as_=login).stdout
            assert ("(sealed)" if login == "engineer" else "(erased: ER2611-A0001)") in said
            assert "anary" not in said
    for words in (NAME, PHONE, WORDS):
        assert holding(words, sealed.cwd, home) == 0
    git(sealed.cwd, "repack", "-adq")
    everything = ["git", "cat-file", "--batch-all-objects", "--batch"]
    assert b"anary" not in subprocess.run(everything, cwd=sealed.cwd, capture_output=True, check=True).stdout
    assert list((home / "keys/keys").iterdir()) == []
    git(sealed.cwd, "fsck", "--strict")
    git(sealed.cwd, "merge-base", "--is-ancestor", tip, "main")
    assert sealed("check --strict").stderr == "svcdesk: no findings\n"
    assert sealed("audit verify").stderr.endswith("the desk's verdict: consistent\n")


def test_the_certificate_says_which_keys_went(sealed: Svcdesk, home: Path) -> None:
    (key,) = (each.stem for each in (home / f"keys/keys/{SUBJECT}").iterdir())
    erased(sealed)
    note = json.loads((home / f"keys/erased/{SUBJECT}.json").read_bytes())
    assert (note["keys"], note["erasure"]) == ([key], "ER2611-A0001")
    assert [each["by"] for each in note["acts"]] == ["S-A0005", "S-A0002"]
    assert "Keys: 1" in sealed("seal show ER2611-A0001").stdout
    assert "says so for good" in sealed("seal void ER2611-A0001 --reason no", as_="manager", exit_code=4).stderr
    sealed(f"customer change {SUBJECT} --contact 140", as_="clerk")
    assert "Contact: 140" in sealed(f"customer show {SUBJECT}", as_="clerk").stdout


def test_what_was_entered_before_stays_in_clear_and_each_step_says_so(desk: Svcdesk) -> None:
    desk(ADD, as_="clerk")
    erase = ["seal", "erase", SUBJECT, "--basis", "letter 7"]
    with unchanged(desk):
        nothing = desk(erase, as_="clerk", exit_code=4).stderr
        assert f"this desk seals nothing yet: all about {SUBJECT} stands in clear" in nothing
        assert f"nothing is sealed about {SUBJECT}: there is no key to destroy (something-is-sealed)" in nothing
    set_up(desk)
    left = (
        "svcdesk: in clear from before this desk sealed (2026-11-22T09:00:00+08:00), and never erased: "
        f"{SUBJECT} (2); fields in all: 2\n"
    )
    with unchanged(desk):
        assert desk(erase, as_="clerk", exit_code=4).stderr.startswith(left)
    desk(f"customer change {SUBJECT} --contact 139", as_="clerk")
    assert desk(erase, as_="clerk").stderr.startswith(left)
    assert desk(f"seal erase {SUBJECT}", as_="manager").stderr.startswith(left)
    done = desk(f"seal erase {SUBJECT}", as_="clerk", now="2026-11-30T09:00:00+08:00").stderr
    assert done.startswith(f"{left}svcdesk: keys destroyed: 1; this record is the certificate")
    shown = desk("seal show ER2611-A0001").stdout
    assert "Left in clear: 2" in shown
    assert f"Left in clear on: {SUBJECT}" in shown
    with unchanged(desk):
        again = desk(erase, as_="clerk", exit_code=4).stderr
        assert again.endswith(f"all keys of {SUBJECT} are destroyed already: ER2611-A0001\n")


def test_a_store_without_keys_erases_nothing(sealed: Svcdesk, home: Path) -> None:
    closed(sealed)
    sealed(["seal", "erase", SUBJECT, "--basis", "letter 7"], as_="clerk")
    sealed(f"seal erase {SUBJECT}", as_="manager")
    sealed(["seal", "setup", "--store", str(home / "empty")])
    late = "2026-11-30T09:00:00+08:00"
    with unchanged(sealed):
        said = sealed(f"seal erase {SUBJECT}", as_="clerk", exit_code=4, now=late).stderr
        assert f"no key of {SUBJECT} is in the key store: nothing would be destroyed" in said
        sealed("seal carry-out ER2611-A0001", as_="clerk", exit_code=4, now=late)


def test_without_the_package_there_is_one_sentence(sealed: Svcdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "cryptography", None)
    said = sealed(ADD, as_="clerk", exit_code=7).stderr
    installing = f"{sys.executable} -m pip install 'cryptography>=42'"
    assert said == f"svcdesk: sealed fields need the package cryptography: {installing}\n"


def test_a_backup_holds_no_key(sealed: Svcdesk, home: Path) -> None:
    file = home / "desk.tar"
    sealed(["backup", str(file)])
    sealed(["restore", str(file), str(home / "again")])
    assert "(sealed)" in sealed("customer list", as_="clerk", cwd=home / "again").stdout
