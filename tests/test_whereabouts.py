"""Where a key is: told on its page, in lists and by a report, worked out from the books."""

from __future__ import annotations

import pytest

from tests.conftest import Svcdesk


@pytest.fixture
def desk(svcdesk: Svcdesk) -> Svcdesk:
    """A desk of one keeper who lends the first of two keys to an engineer."""
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "desk"
    for name, email, post in (
        ("Eng Li", "eng", "engineering-staff"),
        ("Head He", "head", "department-head"),
        ("Chen", "chen", "cs-assistant"),
    ):
        svcdesk(
            f"staff add --name '{name}' --email {email}@example.org --post {post} --department engineering"
        )
    for hook, name in ((14, "B1 pump room"), (15, "Roof")):
        svcdesk(f"key add --name '{name}' --category machine-room --department engineering --hook {hook}")
    svcdesk("key loan request --key K-A0001 --borrower S-A0002 --purpose pump --due +4h", as_="chen")
    svcdesk("key loan approve A0001", as_="head")
    svcdesk("key loan issue A0001 --as borrower=S-A0002", as_="chen")
    return svcdesk


def test_a_page_tells_where_the_key_is(desk: Svcdesk) -> None:
    shown = desk("key show K-A0001").stdout
    assert "  Where: on loan to S-A0002 Eng Li since 2026-11-22T09:00:00+08:00 (KL2611-A0001)\n" in shown
    assert "  Where: on its hook 15\n" in desk("key show K-A0002").stdout
    assert "Where" not in desk("place add --kind building --name Tower").stdout
    assert "Where" not in desk("place show L-A0001").stdout


def test_a_list_has_the_column_when_asked(desk: Svcdesk) -> None:
    listed = desk("key list --columns id,where --format csv").stdout
    assert "K-A0001,on loan to S-A0002 Eng Li since" in listed
    assert "K-A0002,on its hook 15" in listed


def test_the_report_names_every_key(desk: Svcdesk) -> None:
    rows = desk("key report where --format csv").stdout.splitlines()
    assert "K-A0001,B1 pump room,14,on-loan,S-A0002,Eng Li,2026-11-22" in rows[1]
    assert rows[2].startswith("K-A0002,Roof,15,on-hook,,,")
