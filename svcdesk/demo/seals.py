"""Unit keys of the demo: handed to owners who move in, entrusted under seal, and opened when it must be."""

from __future__ import annotations

from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

DESK = "chen.jing"
SECOND = "cui.min"
GUARD = "gao.feng"
MANAGER = "mo.jianping"


def move_in(stage: Stage, unit: str, number: int) -> Scene:
    """An owner moves in: inspection, keys against signature, and one set entrusted under seal."""
    customer, sealed = stage.named[f"customer {unit}"], stage.named[f"key S{unit}"]
    sheet = stage.act(
        DESK,
        "key-handover",
        "prepare",
        unit=stage.named[f"unit {unit}"],
        customer=customer,
        keys=[stage.named[f"key {unit}"], sealed],
        papers={"move-in-notice": f"MN-2026-{number:03}"},
    ).id
    yield stage.after(minutes=20)
    stage.act(
        DESK,
        "key-handover",
        "inspect",
        sheet,
        inspection="with-defects" if number % 3 == 0 else "accepted",
        defects="scratch on the kitchen door 厨房门有划痕" if number % 3 == 0 else None,
        signed={"customer-inspection": customer},
    )
    yield stage.after(minutes=15)
    stage.act(DESK, "key-handover", "hand-over", sheet, pieces=3, signed={"customer": customer})
    yield stage.after(minutes=5)
    stage.act(
        DESK,
        "key-handover",
        "entrust",
        sheet,
        seals=[{"key": sealed, "seal": f"F{number:04}"}],
        signed={"depositor": customer},
        papers={"entrustment": f"ET-2026-{number:03}"},
    )


def emergency(stage: Stage, unit: str, seal: str) -> Scene:
    """Water comes through the ceiling, and the customer cannot be reached."""
    use = stage.act(
        DESK,
        "key-seal-use",
        "emergency",
        key=stage.named[f"key S{unit}"],
        customer=stage.named[f"customer {unit}"],
        purpose="water runs into the unit below 水漏到楼下单元",
    ).id
    for _number in range(2):
        yield stage.after(minutes=3)
        attempt = {"when": stage.stamp(stage.now), "how": "phone 电话", "result": "unreachable"}
        stage.act(DESK, "key-seal-use", "attempt", use, attempts=[attempt])
    yield stage.after(minutes=2)
    stage.act(MANAGER, "key-seal-use", "submit", use)
    yield stage.after(minutes=4)
    stage.act("zheng.guodong", "key-seal-use", "approve", use)
    yield stage.after(minutes=5)
    yield from open_and_seal(stage, use, seal)
    yield from confirm(stage, use)
    stage.act(DESK, "key-seal-use", "file", use)


def application(stage: Stage, unit: str, number: int, finished: bool = True, name: str = "") -> Scene:
    """A customer has forgotten the key and applies in writing; seal and signature follow."""
    customer = stage.named[f"customer {unit}"]
    use = stage.act(
        DESK,
        "key-seal-use",
        "apply",
        key=stage.named[f"key S{unit}"],
        ground="forgotten",
        customer=customer,
        purpose="key left abroad 钥匙遗忘在外地",
        papers={"application": f"AP-2026-{number:03}"},
    ).id
    stage.named[name or f"application {number}"] = use
    yield stage.after(minutes=6)
    stage.act(
        DESK,
        "key-seal-use",
        "confirm",
        use,
        confirmed_with="person in charge of the unit 单元负责人",
        confirmation="confirmed",
    )
    yield stage.after(minutes=9)
    stage.act(MANAGER, "key-seal-use", "consent", use)
    yield stage.after(minutes=5)
    yield from open_and_seal(stage, use, f"F1{number:03}")
    yield from confirm(stage, use)
    if finished:
        yield stage.after(hours=22)
        stage.act(DESK, "key-seal-use", "complete", use, company_seal=True, signed={"user": customer})
        yield stage.after(minutes=2)
        stage.act(DESK, "key-seal-use", "file", use)


def open_and_seal(stage: Stage, use: str, seal: str) -> Scene:
    """Break the seal before two assistants and a guard, and seal the key again."""
    stage.act(
        DESK,
        "key-seal-use",
        "open",
        use,
        state_before="seal whole, two keys 封条完好，钥匙两把",
        signed={
            "assistants": (stage.named[DESK], stage.named[SECOND]),
            "guard": stage.named[GUARD],
        },
    )
    yield stage.after(minutes=35)
    stage.act(
        DESK,
        "key-seal-use",
        "reseal",
        use,
        state_after="two keys, sealed again 钥匙两把，重新封存",
        seal=seal,
    )
    yield stage.after(minutes=10)


def confirm(stage: Stage, use: str) -> Scene:
    """Those who were present sign in their own hand, and the manager has seen the records."""
    for who, line in (
        (DESK, "assistants-confirm"),
        (SECOND, "assistants-confirm"),
        (GUARD, "guard-confirms"),
        (MANAGER, "manager"),
    ):
        stage.act(who, "key-seal-use", "sign", use, signed={line: stage.named[who]})
        yield stage.after(minutes=7)
