"""The settings of evaluations: who is scored by what, how the result comes about, what follows. Pure."""

from __future__ import annotations

from typing import Any

from svcdesk.declared import Setting
from svcdesk.registers import evaluation_shapes as shapes

GENERAL = "general"
"""The set of indicators for every post that has no other."""

SERVICE_POSTS = (
    "after-sales-agent",
    "hotline-agent",
    "junior-agent",
    "middle-agent",
    "pre-sales-agent",
    "probation-agent",
    "sales-agent",
    "senior-agent",
)
"""Posts that serve customers by telephone and online."""


def _indicator(indicator: str, group: str, weight: int, *kinds: str) -> dict[str, Any]:
    """Return an indicator: its weight of 100, and the kinds of fault in the books that speak against it."""
    return {"indicator": indicator, "group": group, "weight": weight, "kinds": list(kinds)}


ATTENDANCE = ("points", "duty-missed", "duty-post-left")

INDICATORS = {
    GENERAL: [
        _indicator("satisfaction", "achievement", 15, "complaint-product", "complaint-returns"),
        _indicator("task-completion", "achievement", 15, "complaint-late"),
        _indicator("problem-solving", "achievement", 10, "complaint-reopened", "complaint-technical"),
        _indicator("knowledge", "ability", 10, "complaint-staff-skill"),
        _indicator("service-skill", "ability", 10, "complaint-service-quality"),
        _indicator("communication", "ability", 10, "complaint-staff-attitude", "complaint-missed-call"),
        _indicator("responsibility", "attitude", 10, "key-overdue", "key-lost", shapes.ALL_OTHERS),
        _indicator("teamwork", "attitude", 5),
        _indicator("initiative", "attitude", 5),
        _indicator("attendance", "attitude", 5, *ATTENDANCE, "online-lapse"),
        _indicator("procedure", "attitude", 5, "handover-unreviewed", "handover-refused"),
    ],
    "service": [
        _indicator("attitude", "attitude", 20, "complaint-staff-attitude"),
        _indicator("response-time", "achievement", 15, "complaint-missed-call", "online-lapse"),
        _indicator("accuracy", "ability", 20, "complaint-staff-skill", "complaint-reopened"),
        _indicator("efficiency", "achievement", 15, "complaint-late"),
        _indicator("satisfaction", "achievement", 20, "complaint-service-quality", "complaint-product"),
        _indicator("attendance", "attitude", 5, *ATTENDANCE),
        _indicator("procedure", "attitude", 5, shapes.ALL_OTHERS),
    ],
}

WEIGHTS = {"self": 20, "superior": 50, "customer": 30}

SETTINGS = {
    "evaluation.cycles": Setting(
        ["month", "quarter", "year"],
        "Cycles in which people are evaluated.",
        ("GK-6.2#3",),
        suits=shapes.cycles,
    ),
    "evaluation.reminded": Setting(
        ["month", "year"],
        "Cycles at the end of which everybody is due for evaluation whose post has another above it.",
        ("GK-6.2#3",),
        suits=shapes.cycles,
    ),
    "evaluation.indicators": Setting(
        INDICATORS,
        "Sets of indicators: name, group, weight (100 in all), and the kinds of fault that speak against a "
        "high score.",
        ("GK-6.1.2", "GK-6.1.3", "SQ-staff-2.1", "CS10-5", "CS12-6", "GC-r-4"),
        suits=shapes.indicators,
    ),
    "evaluation.indicator-set": Setting(
        dict.fromkeys(SERVICE_POSTS, "service"),
        "The set of indicators by post; general for posts that are not named.",
        ("CS10-5",),
        suits=shapes.sets_by_post,
    ),
    "evaluation.formula": Setting(
        {
            "month": {"name": "weighted-parts", **WEIGHTS},
            "quarter": {"name": "parts-and-months", **WEIGHTS, "months": 50},
            "year": {"name": "parts-and-months", **WEIGHTS, "months": 50},
        },
        "The formula of the result by cycle, and its constants; the regulations give no weights.",
        ("GC-l-18",),
        suits=shapes.formula,
    ),
    "evaluation.grades": Setting(
        {"A": 85, "B": 60},
        "The least result for the grades A and B; what is less is below B.",
        suits=shapes.grades,
    ),
    "evaluation.standard": Setting(
        60, "The least result that meets the standard.", ("SQ-staff-2.2#2",), "more", suits=shapes.score
    ),
    "evaluation.satisfaction-standard": Setting(
        60,
        "The least result of the customers' part that needs no training.",
        ("GC-e-23",),
        "more",
        suits=shapes.score,
    ),
    "evaluation.failures": Setting(
        3,
        "Periods in a row below the standard after which action is taken; the regulations give no figure.",
        ("SQ-staff-2.2#3",),
        "less",
    ),
    "evaluation.satisfaction": Setting(
        {"yes": 100, "partly": 60, "no": 0, "rating": 20},
        "What a customer's answer counts out of 100, and each step of a rating from 1 to 5.",
        ("GK-6.3.3",),
        suits=shapes.satisfaction,
    ),
    "evaluation.contradiction": Setting(
        {"high": 90, "low": 60},
        "A score from high on contradicts a fault on the books, one below low contradicts praise.",
        suits=shapes.contradiction,
    ),
    "evaluation.second-level": Setting(
        ["human-resources", "gm-office"],
        "Posts that sign as the second level besides those above the one who scored.",
    ),
    "evaluation.closer": Setting(
        ["human-resources", "gm-office"],
        "Posts that close evaluations besides those above the person.",
    ),
    "evaluation.no-power": Setting(
        ["floor-director"],
        "Posts that supervise without administrative power: they deduct no points and propose no sanction.",
        ("GC-u-7.13",),
    ),
    "evaluation.earliest-days": Setting(
        10,
        "Days before the end of its period from which an evaluation is signed: the last ten of a month.",
        ("GK-6.2#1",),
        "less",
    ),
    "evaluation.finish-days": Setting(
        5, "Days after the end of its period by which an evaluation is published.", ("GK-6.2#1",), "less"
    ),
    "evaluation.appeal-days": Setting(
        7, "Days after publication in which the person reads the result and may appeal.", (), "more"
    ),
    "evaluation.decide-days": Setting(7, "Days in which an appeal is decided.", (), "less"),
}
