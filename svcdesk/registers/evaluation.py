"""Evaluations (绩效考核): scored by self, superior and customers, signed by two levels, open to appeal."""

from __future__ import annotations

from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.registers import evaluation_figures as figures
from svcdesk.registers import evaluation_hearing_rules as hearing
from svcdesk.registers import evaluation_rules as rules
from svcdesk.registers.evaluation_due import DEADLINES
from svcdesk.registers.evaluation_reports import REPORTS
from svcdesk.registers.evaluation_settings import SETTINGS
from svcdesk.registers.evaluation_working import result_steps

CONSEQUENCES = ("coaching", "coaching_until", "measure", "goals")

REGISTER = Register(
    name="evaluation",
    prefix="E",
    title="Evaluations",
    area="evaluation",
    columns=("id", "state", "period", "person", "department", "composite", "grade"),
    lines=(
        Line("evaluator", "first level"),
        Line("confirmer", "second level", differs=("evaluator",)),
        Line("employee", "person evaluated", differs=("evaluator", "confirmer")),
        Line("judge", "judge of the appeal", differs=("evaluator", "confirmer", "employee")),
    ),
    actions=(
        Action(
            "open",
            "Open a person's evaluation for a month, quarter or year; it lists what the books hold.",
            to="opened",
            needs=("person", "period"),
            gathers=figures.begin,
            remarks=figures.nobody_above,
        ),
        Action(
            "score",
            "Enter the scores of one part; the evidence is listed anew.",
            source=("opened",),
            takes=("self_scores", "superior_scores", "questionnaires", "post_standard", "goals"),
            gathers=figures.look_up,
        ),
        Action(
            "note",
            "Write a note: why a score contradicts the evidence, a talk, counts for the appraisal.",
            source=("opened", "signed", "published", "read", "appealed", "decided"),
            takes=("notes", "guests", "tables"),
            adds=("notes",),
        ),
        Action(
            "sign",
            "Sign the scores as the first level; the result is worked out.",
            to="signed",
            source=("opened",),
            takes=CONSEQUENCES,
            signs="evaluator",
            gathers=figures.conclude,
        ),
        Action(
            "publish",
            "Sign as the second level and tell the person the result.",
            to="published",
            source=("signed",),
            signs="confirmer",
            lines=("evaluator",),
        ),
        Action(
            "read",
            "Read the result, comment and sign.",
            to="read",
            source=("published",),
            needs=("agrees",),
            takes=("comment",),
            signs="employee",
        ),
        Action(
            "appeal",
            "Appeal to somebody who did not score.",
            to="appealed",
            source=("published", "read"),
            needs=("grounds", "appeal_to"),
        ),
        Action(
            "decide",
            "Decide the appeal.",
            to="decided",
            source=("appealed",),
            needs=("decision", "answer"),
            takes=("superior_scores", *CONSEQUENCES),
            signs="judge",
            gathers=figures.decide,
        ),
        Action(
            "close",
            "Close the evaluation.",
            to="closed",
            source=("published", "read", "decided"),
            lines=("evaluator", "confirmer"),
        ),
    ),
    rules=(
        rules.one_evaluation_per_period,
        rules.cycle_is_kept_here,
        rules.period_has_begun,
        rules.post_has_indicators,
        rules.person_held_a_post_then,
        rules.nobody_evaluates_himself,
        rules.superior_part_comes_from_above,
        rules.something_is_entered,
        rules.every_indicator_is_scored_once,
        rules.score_against_the_evidence_has_a_note,
        rules.result_has_all_three_parts,
        rules.superior_has_scored,
        rules.period_is_nearly_over,
        rules.low_result_gets_coaching,
        rules.low_satisfaction_gets_training,
        rules.repeated_failure_leads_to_action,
        rules.evaluation_is_not_corrected,
        hearing.second_level_is_above_the_first,
        hearing.the_person_speaks_for_himself,
        hearing.appeal_comes_in_time,
        hearing.appeal_goes_to_somebody_who_did_not_score,
        hearing.appeal_is_decided_by_its_addressee,
        hearing.a_change_brings_scores,
        hearing.closing_waits_for_the_person,
        hearing.closing_is_for_those_above,
        hearing.notes_come_from_those_concerned,
    ),
    deadlines=DEADLINES,
    reports=REPORTS,
    settings=SETTINGS,
    figures={"composite": result_steps},
    final=("closed",),
    computed=(
        "post",
        "department",
        "evaluator",
        "indicators",
        "evidence",
        "answers",
        "self_result",
        "superior_result",
        "customer_result",
        "months_result",
        "composite",
        "grade",
        "failures",
    ),
)
