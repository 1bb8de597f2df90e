"""A resident of the demo asks that what is known of him be forgotten, while a case of his is open."""

from __future__ import annotations

from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage


def given_up(stage: Stage, unit: str) -> Scene:
    """An owner asks to be forgotten, and takes it back: the desk does not seal yet."""
    customer = stage.named[f"customer {unit}"]
    basis = "letter of the owner, filed 业主来函，已归档"
    case = stage.act("chen.jing", "erasure", "request", subject=customer, basis=basis).id
    yield stage.after(hours=3)
    reason = "still lives here; fields are sealed first 仍在居住，待启用封存后再办"
    stage.act("mo.jianping", "erasure", "withdraw", case, reason=reason)
