"""What the reports on complaints print, as a clerk gets them."""

from __future__ import annotations

import pytest

from tests.conftest import Svcdesk


@pytest.fixture
def desk(svcdesk: Svcdesk) -> Svcdesk:
    """A desk with one complaint that a clerk has turned to, and one that nobody has."""
    svcdesk("init desk --name Desk --timezone Asia/Shanghai", now="2026-11-23T08:30:00+08:00")
    svcdesk.cwd = svcdesk.cwd / "desk"
    for name, post in (("manager", "cs-manager"), ("clerk", "cs-assistant")):
        svcdesk(
            f"staff add --name {name} --email {name}@example.org --post {post} --department customer-service"
        )
    svcdesk("customer add --name Orchid --kind company --contact 13800000001", as_="manager")
    opening = (
        "complaint open --channel phone --complainant CU-A0001 --contact 13800000001 --severity ordinary"
    )
    for minute, subject in ((0, "service-quality"), (5, "product")):
        svcdesk(
            f"{opening} --subject {subject} --content 'The lift stood still.' --served-by S-A0003",
            as_="clerk",
            now=f"2026-11-23T09:0{minute}:00+08:00",
        )
    svcdesk("complaint contact A0001 --how phone --note called", as_="clerk", now="2026-11-23T09:20:00+08:00")
    return svcdesk


FIRST, LATER = "2026-11-23T09:00:00+08:00", "2026-11-23T09:05:00+08:00"


def report(desk: Svcdesk, line: str) -> list[str]:
    """The lines of a report in CSV, without the mark that Excel wants."""
    answer = desk(f"{line} --format csv", as_="clerk", now="2026-11-23T10:00:00+08:00")
    return answer.stdout.removeprefix("\ufeff").splitlines()


def test_reports_on_complaints(desk: Svcdesk) -> None:
    assert report(desk, "complaint report agents") == [
        "Served by,id,Received,Order,Subject,Verified",
        f"S-A0003,C2611-A0001,{FIRST},,service quality,",
        f"S-A0003,C2611-A0002,{LATER},,product,",
    ]
    assert report(desk, "complaint report progress") == [
        "id,State,Received,Severity,Subject,Owner,Limit,waiting,late",
        f"C2611-A0001,registered,{FIRST},ordinary,service quality,,2026-11-24T09:00:00+08:00,no,no",
        f"C2611-A0002,registered,{LATER},ordinary,product,,2026-11-24T09:05:00+08:00,no,no",
    ]
    assert report(desk, "complaint report response") == [
        'id,Received,Severity,first contact,"waited, hours"',
        f"C2611-A0001,{FIRST},ordinary,2026-11-23T09:20:00+08:00,0:20",
        f"C2611-A0002,{LATER},ordinary,,0:55",
    ]
    assert report(desk, "complaint report patterns") == [
        "Subject,Type,Product,Pattern,Department,About staff,month,hour,complaints,repeats,reopened,late",
        ",,,,,,2026-11,,2,0,0,0",
        ",,,,,,,09,2,0,0,0",
    ]
