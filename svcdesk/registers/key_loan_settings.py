"""What a desk's policy decides about key loans."""

from __future__ import annotations

from svcdesk.declared import Setting
from svcdesk.rules import HEADS
from svcdesk.rules import KEY_DESK

SETTINGS: dict[str, Setting] = {
    "key-loan.issuer": Setting(list(KEY_DESK), "Posts that hand keys out.", ("CS3-B2#1",)),
    "key-loan.approver": Setting(
        list(HEADS), "Posts that approve a key loan; none means no approval.", ("CS13-4.1#1",)
    ),
    "key-loan.approver-of": Setting(
        ["borrower", "key"],
        "Whose department the approver is of: the borrower's, the key's, or any where none is named.",
        ("CS13-4.1#1",),
    ),
    "key-loan.vacant-unit-issuer": Setting(
        ["cs-assistant"], "Posts that hand out keys of vacant units.", ("CS3-B2#1",)
    ),
    "key-loan.viewing-borrowers": Setting(
        ["leasing-staff"], "Posts that borrow keys for viewings.", ("CS3-B3#1",)
    ),
    "key-loan.contractor-borrowers": Setting(
        ["engineering-staff", "area-manager", "cs-supervisor", *HEADS],
        "Posts that borrow keys for outside contractors.",
        ("CS3-B6#1", "CS9-1.2.6#1"),
    ),
    "key-loan.barred-from-machine-rooms": Setting(
        ["cs-assistant"],
        "Posts that open machine rooms under special circumstances only.",
        ("CS3-C2",),
    ),
    "key-loan.permitter": Setting(
        [*HEADS, "general-manager"],
        "Posts that let a key leave the premises or go to outsiders.",
        ("CS3-B5#1", "CS3-B5#2"),
    ),
    "key-loan.outsiders": Setting(
        "never", "Whether outsiders get keys: never or with-permission.", ("CS13-4.3",)
    ),
    "key-loan.off-premises": Setting(
        "with-permission",
        "Whether keys leave the premises: never or with-permission.",
        ("CS3-B5#1", "CS13-4.2#2"),
    ),
    "key-loan.checked-categories": Setting(
        ["vacant-unit", "in-unit-room", "occupied-unit"],
        "Categories of keys on whose return the room is confirmed safe.",
        ("CS3-B3#2", "CS9-1.2.3"),
    ),
    "key-loan.unexplained-minutes": Setting(
        1440,
        "Minutes overdue after which a key comes back only with a recorded cause.",
        ("CS3-B4#2", "CS9-1.2.4#2"),
        "less",
    ),
    "key-loan.check-minutes": Setting(
        1440,
        "Minutes after which the line of a key that is out is looked at again.",
        ("CS3-B4#1", "CS9-1.2.4#1"),
        "less",
    ),
    "key-loan.longest-by-category": Setting(
        {}, "Longest time of a loan in minutes, where a category has its own.", ("CS13-4.1#3",)
    ),
    "key-loan.longest-minutes": Setting(
        1440, "Longest time for which a key is lent, in minutes.", ("CS13-4.1#3",), "less"
    ),
}
