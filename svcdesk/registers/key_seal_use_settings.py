"""What a desk's policy decides about uses of sealed keys."""

from __future__ import annotations

from svcdesk.declared import Setting
from svcdesk.rules import SECURITY

SETTINGS: dict[str, Setting] = {
    "key-seal-use.keeper": Setting(
        ["cs-assistant", "key-custodian", *SECURITY],
        "Posts that open sealed keys once it is approved, and seal them again.",
        ("CS3-A2#3",),
    ),
    "key-seal-use.assistant": Setting(
        ["cs-assistant"], "Posts that attend an opening as assistants.", ("CS3-A3#3",)
    ),
    "key-seal-use.guard": Setting(
        ["security-guard", "control-room-watch"],
        "Posts that attend an opening as security guard.",
        ("CS3-A3#3",),
    ),
    "key-seal-use.witnesses-on-application": Setting(
        True,
        "Whether two assistants and a guard attend also where the customer has applied.",
        ("CS3-A3#3",),
    ),
    "key-seal-use.witnesses-for-master": Setting(
        False,
        "Whether two assistants and a guard attend when the master set is opened.",
        ("CS13-2.1#2",),
    ),
    "key-seal-use.application-minutes": Setting(
        4320,
        "Minutes after the use within which the application is completed; the text gives none.",
        ("CS3-A4+",),
        "less",
    ),
}
