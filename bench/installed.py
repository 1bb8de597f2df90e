"""svcdesk as its users have it: installed, not read from a checkout."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from bench.desks import OUT

CHECKOUT = Path(__file__).parent.parent


@cache
def programs() -> Path:
    """Return the folder of programs of a virtual environment into which this checkout has just been installed.

    An editable installation looks for svcdesk by a finder of its own at each start of Python, on both sides.
    """
    folder = OUT / "installed"
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = ["-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", "--upgrade"]
    subprocess.run(
        [str(folder / "bin" / "python"), *install, "--force-reinstall", f"{CHECKOUT}[sign]"], check=True
    )
    return folder / "bin"
