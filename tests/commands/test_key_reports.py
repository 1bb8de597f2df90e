"""The reports that the key regulations ask for, as a clerk gets them."""

from __future__ import annotations

from tests.conftest import Svcdesk
from tests.desks import desk as desk

BOM = "\ufeff"
EVENING = "2026-11-22T18:00:00+08:00"


def test_key_loan_report_out(desk: Svcdesk) -> None:
    """The daily list of keys out: none before the issue, one line after it, none after the return."""
    assert desk("key loan report out --format json").stdout == "[]\n"
    desk("key loan approve A0001", as_="head")
    desk("key loan issue A0001 --as borrower=S-A0003", as_="clerk")
    desk("key loan explain-overdue A0001 --cause 'the pump leaks'", as_="clerk", now=EVENING)
    assert desk("key loan report out --format csv").stdout == (
        f"{BOM}id,Key,key name,Borrower,borrower's name,since,Due,minutes late,cause\r\n"
        "KL2611-A0001,K-A0001,B1 pump room,S-A0003,Engineer Li,2026-11-22T09:00:00+08:00,"
        "2026-11-22T13:00:00+08:00,300,the pump leaks\r\n"
    )
    desk("key loan return A0001", as_="clerk")
    assert desk("key loan report out --format json").stdout == "[]\n"


def test_key_report_stock_take(desk: Svcdesk) -> None:
    """Sets held against the plan: one sealed at security, one in use at engineering, one spare."""
    place = "--category machine-room --department security --set-kind sealed"
    desk(f"key add --name 'B1 pump room, sealed' {place} --hook 1")
    assert desk("key report stock-take --format csv").stdout == (
        f"{BOM}Category,Opens,door,Department,Kind of set,sets planned,sets held,difference\r\n"
        "machine room,,,security,sealed,1,1,0\r\n"
        "machine room,,,engineering,working,1,1,0\r\n"
        "machine room,,,customer-service,spare,1,0,-1\r\n"
    )
