"""The complaint book of before: its last lines are taken over from a sheet when the desk begins."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from svcdesk.demo.stage import Stage
from svcdesk.importing import Importer
from svcdesk.mapping import read_map
from svcdesk.sheet import Sheet

NAME = "complaints-before.csv"
SHEET = """\
Number,Date,Channel,Subject,Content,Status
P-0417,2026-08-10 09:20,phone,technical,Radiator drips in the corridor. 走廊暖气滴水。,done
P-0418,2026-08-12 15:05,in person,charges,Parking fee charged twice. 停车费重复收取。,done
P-0419,2026-08-14 11:40,phone,service-quality,Refuse room not cleaned. 垃圾房未清扫。,done
"""
MAP = """\
register: complaint
formats: ["%Y-%m-%d %H:%M"]
key: Number
at: Date
state: {column: Status, values: {done: closed}}
fields:
  received: Date
  kind: {constant: complaint}
  channel: {column: Channel, values: {phone: phone, in person: in-person}}
  reporter: {constant: customer}
  subject: Subject
  severity: {constant: ordinary}
  content: Content
"""


def take_over(stage: Stage) -> None:
    """Import the old book, as whoever founds the desk."""
    session, blob = stage.session, MAP.encode()
    register = session.desk.register("complaint")
    plan = read_map(blob, register, session.desk.zone)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, NAME)
        file.write_text(SHEET, "utf-8")
        Importer(
            session, plan, hashlib.sha256(blob).hexdigest(), Sheet(file, plan.encoding, plan.delimiter)
        ).run()
    stage.acts += 1
