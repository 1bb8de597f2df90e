"""Settings by name, and a person's posts, through the real entry point."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Svcdesk

LONGEST = "key-loan.longest-minutes"


@pytest.fixture
def desk(svcdesk: Svcdesk) -> Svcdesk:
    """A desk that one person keeps."""
    svcdesk("init desk --name Desk --timezone Asia/Shanghai", now="2026-11-22T09:00:00+08:00")
    svcdesk.cwd = svcdesk.cwd / "desk"
    return svcdesk


def setting(desk: Svcdesk, name: str) -> dict[str, object]:
    rows = json.loads(desk("policy list --format json").stdout)
    found: dict[str, object] = next(each for each in rows if each["setting"] == name)
    return found


def test_a_value_is_proposed_and_approved(desk: Svcdesk) -> None:
    record = setting(desk, LONGEST)["record"]
    proposed = desk(f"policy set {LONGEST} 60", now="2026-11-22T09:01:00+08:00")
    new = proposed.stdout.split()[0]
    assert proposed.stdout == f"{new} proposed\n"
    assert proposed.stderr == f"svcdesk: it binds once approved: svcdesk policy approve {new}\n"
    assert setting(desk, LONGEST) == {
        "setting": LONGEST,
        "value": 1440,
        "record": record,
        "since": "2026-11-22T09:00:00+08:00",
        "proposed": [new],
    }
    assert desk(f"policy approve {LONGEST}", now="2026-11-22T09:02:00+08:00").stdout == f"{new} approved\n"
    assert desk(f"policy show {LONGEST}").stdout == (
        f"{LONGEST}  Longest time for which a key is lent, in minutes.\n"
        "  clauses: CS13-4.1#3\n"
        f"  record: {new}  since: 2026-11-22T09:02:00+08:00\n"
        "  value: 60\n"
    )
    assert desk(f"policy show {LONGEST} --at '2026-11-22 09:01'").stdout.endswith("  value: 1440\n")
    assert desk(f"policy diff {LONGEST}").stdout == (
        f"{record} approved, from 2026-11-22T09:00:00+08:00, proposed by S-A0001\n"
        "  + value: 1440\n"
        f"{new} approved, from 2026-11-22T09:02:00+08:00, proposed by S-A0001\n"
        "  - value: 1440\n"
        "  + value: 60\n"
    )
    assert desk(f"policy show {new}").stdout.startswith(f"{new}  Policy  approved\n  Setting: {LONGEST}\n")
    assert desk("check").stdout == ""


def test_a_value_binds_from_the_moment_named(desk: Svcdesk) -> None:
    desk(f"policy set {LONGEST} 60 --starts '2026-12-01 00:00'")
    desk(f"policy approve {LONGEST}")
    assert setting(desk, LONGEST)["value"] == 1440
    later = json.loads(desk("policy list --format json --at '2026-12-01 00:00'").stdout)
    assert next(each["value"] for each in later if each["setting"] == LONGEST) == 60


@pytest.mark.parametrize(
    ("line", "exit_code", "complaint"),
    [
        (f"policy set {LONGEST} soon", 2, f"{LONGEST}: soon is no whole number"),
        (f"policy set {LONGEST}", 2, f"{LONGEST} needs a value, or --from with a file of it"),
        ("policy set calender 3", 2, "there is no setting calender; near it: calendar"),
        (f"policy approve {LONGEST}", 3, f"no value is proposed for {LONGEST}"),
        (
            "policy set key-loan.issuer cs-manager,nobody",
            4,
            "policy: set is refused: key-loan.issuer: there is no post nobody (value-suits-its-setting)",
        ),
        (
            "policy set rules '{one-holder-per-key: off}'",
            4,
            "policy: set is refused: rules: one-holder-per-key always refuses and cannot be off "  # noqa: ISC004
            "(value-suits-its-setting)",
        ),
    ],
)
def test_what_is_not_set(desk: Svcdesk, line: str, exit_code: int, complaint: str) -> None:
    answer = desk(line, exit_code)
    assert (answer.stdout, answer.stderr.splitlines()[0]) == ("", f"svcdesk: {complaint}")


@pytest.mark.parametrize(
    "written", ["cs-manager, cs-lead", "[cs-manager, cs-lead]", '["cs-manager", "cs-lead"]']
)
def test_lists_are_read_as_people_write_them(desk: Svcdesk, written: str) -> None:
    desk(["policy", "set", "key-loan.issuer", written])
    desk("policy approve key-loan.issuer")
    assert setting(desk, "key-loan.issuer")["value"] == ["cs-manager", "cs-lead"]


def test_a_value_from_a_file(desk: Svcdesk) -> None:
    desk("policy set rules --from -", stdin="loan-is-short: warn\n")
    desk("policy approve rules")
    assert setting(desk, "rules")["value"] == {"loan-is-short": "warn"}
    assert desk("policy set rules --from - extra", 2, stdin="").stdout == ""


def test_two_keepers_need_each_other(desk: Svcdesk) -> None:
    desk("staff add --name Second --email second@example.org --post desk-admin --department administration")
    desk(f"policy set {LONGEST} 60")
    refusal = desk(f"policy approve {LONGEST}", 4).stderr
    assert "S-A0001 proposed it; another desk-admin approves it (second-admin-approves)" in refusal
    desk(f"policy approve {LONGEST}", as_="second")
    assert setting(desk, LONGEST)["value"] == 60


def test_posts_are_told_with_from_and_to(desk: Svcdesk) -> None:
    start = "2026-11-22T09:00:00+08:00"
    desk(
        "staff add --name 'Manager Mo' --email mo@example.org --post cs-manager --department customer-service"
    )
    desk("staff add --name 'Clerk Chen' --email chen@example.org --post cs-assistant "
         "--department customer-service --superior S-A0002")  # fmt: skip
    desk("staff delegate S-A0002 --to S-A0003 --ends '2026-11-30 18:00' --range 'key loans'", as_="mo")
    assert desk("whoami", as_="chen").stdout == (
        "S-A0003 cs-assistant, cs-manager\n"
        f"  cs-assistant of customer-service from {start}\n"
        f"  cs-manager of customer-service from {start} to 2026-11-30T18:00:00+08:00, as deputy of S-A0002\n"
    )
    shown = desk("staff show S-A0002").stdout
    assert (
        "  Posts:\n"
        f"    post cs-manager, department customer-service, from {start}\n"
        "  Delegated to: S-A0003 Clerk Chen\n"
    ) in shown
    assert (
        "  Delegations:\n"
        f"    to S-A0003 Clerk Chen, from {start}, until 2026-11-30T18:00:00+08:00, range key loans\n"
    ) in shown


def test_the_structure_and_what_waits_for_the_second(desk: Svcdesk) -> None:
    start = "2026-11-22T09:00:00+08:00"
    desk("staff add --name Second --email second@example.org --post desk-admin --department administration")
    desk("staff add --name Mo --post cs-manager --department customer-service")
    assert desk("staff report pending --format csv").stdout == (
        "\ufeffid,Name,Post,Department,from,by\r\n"
        f"S-A0003,Mo,cs-manager,customer-service,{start},S-A0001\r\n"
    )  # fmt: skip
    desk("sign S-A0003 second", as_="second")
    assert desk("staff report pending --format json").stdout == "[]\n"
    assert desk("staff report structure --format csv").stdout == (
        "\ufeffid,Name,Post,Department,rank,Superior\r\n"
        "S-A0001,admin,desk-admin,administration,0,\r\n"
        "S-A0002,Second,desk-admin,administration,0,\r\n"
        "S-A0003,Mo,cs-manager,customer-service,80,\r\n"
    )


@pytest.mark.parametrize(
    "value", ["*=signed, key-loan.borrower=identified", '{"*": signed, key-loan.borrower: identified}']
)
def test_a_mapping_is_written_as_pairs_or_as_yaml(desk: Svcdesk, value: str) -> None:
    done = desk(["policy", "set", "signing.least", value, "--format", "json"])
    assert json.loads(done.stdout)["value"] == {"*": "signed", "key-loan.borrower": "identified"}


@pytest.mark.parametrize("value", ["signed", "*=", "=signed", "*=signed,"])
def test_half_a_pair_is_told_how_to_write_it(desk: Svcdesk, value: str) -> None:
    assert "write NAME=VALUE,NAME=VALUE, or YAML" in desk(["policy", "set", "signing.least", value], 2).stderr
