"""Writes the sample: the records of a small demo desk, without its history. `python -m svcdesk.demo.sample records`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from svcdesk import yamlio
from svcdesk.demo.build import build
from svcdesk.demo.plan import SAMPLE
from svcdesk.errors import BadInput
from svcdesk.model import text

CONFIG = "desk.yaml"


def sample() -> Mapping[str, bytes]:
    """Return the files of the sample by their path below `records/`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "desk")
        build(root, SAMPLE)
        records = root / "records"
        files = {
            path.relative_to(records).as_posix(): path.read_bytes()
            for path in sorted(records.rglob("*.yaml"))
        }
    config = yamlio.load(files[CONFIG])
    return {**files, CONFIG: yamlio.dump({**config, "id": "sample", "sample": True})}


def write(folder: Path) -> None:
    """Replace an earlier sample by this one; raises BadInput where the folder holds anything else."""
    files = sample()
    if folder.exists():
        config = folder / CONFIG
        if not config.is_file() or yamlio.load(config.read_bytes()).get("sample") is not True:
            raise BadInput(text("{folder} holds something else than a sample", folder=str(folder)))
        shutil.rmtree(folder)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
