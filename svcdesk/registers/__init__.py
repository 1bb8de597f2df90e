"""The table of registers: one line each, in the order of their ids' prefixes."""

from __future__ import annotations

from svcdesk.declared import Register
from svcdesk.registers import audit_exception
from svcdesk.registers import complaint
from svcdesk.registers import complaint_review
from svcdesk.registers import conflict
from svcdesk.registers import customer
from svcdesk.registers import department
from svcdesk.registers import duty_incident
from svcdesk.registers import duty_log
from svcdesk.registers import duty_roster
from svcdesk.registers import duty_swap
from svcdesk.registers import erasure
from svcdesk.registers import evaluation
from svcdesk.registers import evaluation_measure
from svcdesk.registers import evaluation_month
from svcdesk.registers import evaluation_points
from svcdesk.registers import handover
from svcdesk.registers import hazmat_count
from svcdesk.registers import hazmat_dispose
from svcdesk.registers import hazmat_draw
from svcdesk.registers import hazmat_incident
from svcdesk.registers import hazmat_material
from svcdesk.registers import hazmat_use
from svcdesk.registers import import_batch
from svcdesk.registers import key
from svcdesk.registers import key_count
from svcdesk.registers import key_handover
from svcdesk.registers import key_incident
from svcdesk.registers import key_loan
from svcdesk.registers import key_lock_change
from svcdesk.registers import key_recut
from svcdesk.registers import key_seal_use
from svcdesk.registers import place
from svcdesk.registers import policy
from svcdesk.registers import staff
from svcdesk.registers import station

REGISTERS: dict[str, Register] = {
    "audit-exception": audit_exception.REGISTER,
    "complaint": complaint.REGISTER,
    "complaint-review": complaint_review.REGISTER,
    "conflict": conflict.REGISTER,
    "customer": customer.REGISTER,
    "department": department.REGISTER,
    "duty-incident": duty_incident.REGISTER,
    "duty-log": duty_log.REGISTER,
    "duty-roster": duty_roster.REGISTER,
    "duty-swap": duty_swap.REGISTER,
    "erasure": erasure.REGISTER,
    "evaluation": evaluation.REGISTER,
    "evaluation-measure": evaluation_measure.REGISTER,
    "evaluation-month": evaluation_month.REGISTER,
    "evaluation-points": evaluation_points.REGISTER,
    "handover": handover.REGISTER,
    "hazmat-count": hazmat_count.REGISTER,
    "hazmat-dispose": hazmat_dispose.REGISTER,
    "hazmat-draw": hazmat_draw.REGISTER,
    "hazmat-incident": hazmat_incident.REGISTER,
    "hazmat-material": hazmat_material.REGISTER,
    "hazmat-use": hazmat_use.REGISTER,
    "import": import_batch.REGISTER,
    "key": key.REGISTER,
    "key-count": key_count.REGISTER,
    "key-handover": key_handover.REGISTER,
    "key-incident": key_incident.REGISTER,
    "key-loan": key_loan.REGISTER,
    "key-lock-change": key_lock_change.REGISTER,
    "key-recut": key_recut.REGISTER,
    "key-seal-use": key_seal_use.REGISTER,
    "place": place.REGISTER,
    "policy": policy.REGISTER,
    "staff": staff.REGISTER,
    "station": station.REGISTER,
}
