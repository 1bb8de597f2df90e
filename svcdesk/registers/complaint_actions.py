"""The life of a complaint: its actions and the fields that follow from them. Pure."""

from __future__ import annotations

from svcdesk.declared import Action
from svcdesk.declared import Who
from svcdesk.registers.complaint_clock import OPEN
from svcdesk.registers.complaint_clock import UNCLOSED
from svcdesk.registers.complaint_forms import begin_again
from svcdesk.registers.complaint_forms import end
from svcdesk.registers.complaint_forms import enter
from svcdesk.registers.complaint_forms import promise
from svcdesk.registers.complaint_forms import resume
from svcdesk.registers.complaint_forms import solve

ROUTER = Who(setting="complaint.handler", clauses=("GC-g-3.1.3",))
HANDLER = Who(setting="complaint.handler")
ABOVE = Who(rank=70)
MEASURES = ("prevention", "wider_look", "pattern", "explanation", "compensation", "apology", "nature")

ACTIONS = (
    Action(
        "open",
        "Write a complaint down.",
        to="registered",
        needs=("channel", "subject", "content"),
        takes=(
            "kind",
            "severity",
            "reporter",
            "customer",
            "complainant",
            "reported_by",
            "contact",
            "topic",
            "product",
            "restated",
            "place",
            "address",
            "order_number",
            "served_by",
            "about",
            "about_customer",
            "repeat_of",
            "handover",
        ),
        clauses=("GC-g-3.1.2",),
        completes=enter,
    ),
    Action(
        "contact",
        "Write down a talk with the complainant.",
        source=OPEN,
        needs=("how", "note"),
        takes=(
            "restated",
            "promise",
            "promised",
            "explanation",
            "apology",
            "about",
            "about_customer",
            "contact",
            "emergency",
        ),
    ),
    Action(
        "assign",
        "Pass it to who is to handle it, with a time limit.",
        to="assigned",
        source=OPEN,
        needs=("owner", "limit"),
        takes=("department", "severity", "about", "about_customer", "served_by", "emergency", "note"),
        may=ROUTER,
        clauses=("GC-g-3.1.3", "GC-e-15#2"),
    ),
    Action(
        "pause",
        "Stop the clock while the customer has to give something.",
        source=("assigned", "investigating", "reopened"),
        needs=("waiting_for",),
        takes=("how", "note"),
    ),
    Action(
        "resume",
        "Let the clock run again.",
        source=("assigned", "investigating", "reopened"),
        takes=("note",),
        completes=resume,
    ),
    Action(
        "investigate",
        "Write down what the investigation found.",
        to="investigating",
        source=("assigned", "investigating", "reopened"),
        needs=("finding",),
        takes=("root_cause", "nature", "responsible", "verified", "about", "about_customer", "served_by"),
        clauses=("GC-e-15#2",),
    ),
    Action(
        "settle",
        "Solve it on the spot by delegated power.",
        to="resolved",
        source=("registered", "assigned"),
        needs=("solution", "prevention"),
        takes=("finding", "root_cause", "verified", *MEASURES[1:]),
        clauses=("GC-p-3.2c", "OM-2.7.3-P3", "GC-e-16#2"),
        completes=solve,
    ),
    Action(
        "resolve",
        "Write down solution and measures.",
        to="resolved",
        source=("investigating",),
        needs=("solution", "prevention"),
        takes=("root_cause", "verified", "responsible", *MEASURES[1:]),
        clauses=("GC-p-3.2c", "OM-2.7.3-P3", "GC-e-16#2"),
        completes=solve,
    ),
    Action(
        "reply",
        "Tell the complainant the outcome.",
        to="replied",
        source=("resolved", "replied"),
        needs=("how",),
        takes=("answer", "explanation", "apology", "promise", "promised", "accepted", "dispute", "note"),
        clauses=("GC-e-17#1", "SQ-sup-1.2#3"),
    ),
    Action(
        "tell-head",
        "Report to the head what was settled on the spot.",
        source=("resolved", "replied", "followed-up"),
        needs=("told_head", "account"),
    ),
    Action(
        "escalate",
        "Take it to somebody above, with a promise to the complainant.",
        to="assigned",
        source=OPEN,
        needs=("owner", "heard", "promise", "promised"),
        takes=("limit", "severity", "dispute", "about", "about_customer"),
        clauses=("OM-2.7.3-7", "OM-2.7.3-5#1"),
        completes=promise,
    ),
    Action(
        "follow-up",
        "Ask whether the problem is thoroughly solved.",
        to="followed-up",
        source=("replied", "followed-up"),
        needs=("satisfied",),
        takes=("rating", "follow_up", "how", "win_back", "note"),
        may=HANDLER,
        clauses=("GC-e-17#2",),
    ),
    Action(
        "close",
        "Close the case.",
        to="closed",
        source=("resolved", "replied", "followed-up"),
        takes=("pattern", "win_back", "note"),
        may=HANDLER,
        clauses=("GC-g-3.1.5",),
        completes=end,
    ),
    Action(
        "reopen",
        "Take it up again: the complainant is not satisfied.",
        to="reopened",
        source=("replied", "followed-up", "closed"),
        needs=("limit",),
        takes=("owner", "dispute", "win_back", "note"),
        may=HANDLER,
        reason=True,
        clauses=("GC-g-3.1.3",),
        completes=begin_again,
    ),
    Action(
        "acknowledge",
        "Thank for praise or a suggestion, and close it.",
        to="closed",
        source=("registered", "assigned"),
        takes=("answer", "how", "pattern", "note"),
        may=HANDLER,
        completes=end,
    ),
    Action(
        "withdraw",
        "Enter that the complainant has withdrawn it.",
        to="withdrawn",
        source=OPEN,
        takes=("how",),
        may=HANDLER,
        reason=True,
        completes=end,
    ),
    Action(
        "link",
        "Say that it repeats an earlier one, or what it has in common with others.",
        source=(*UNCLOSED, "closed"),
        takes=("repeat_of", "pattern", "topic", "product", "order_number", "source_number"),
    ),
    Action(
        "discipline",
        "Enter criticism, sanction and the talk with the employee alone.",
        source=("investigating", "resolved", "replied", "followed-up", "closed"),
        takes=("criticism", "sanction", "talk", "responsible"),
        may=ABOVE,
    ),
    Action(
        "discuss",
        "Enter that a meeting has discussed it and whether the measures were right.",
        source=("resolved", "replied", "followed-up", "closed"),
        needs=("discussed",),
        takes=("measures_correct", "prevention", "wider_look", "pattern"),
    ),
)
