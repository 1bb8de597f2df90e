"""What a wheel holds: all that the checkout does, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).parent.parent
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
SHIPPED = ("*.py", "*.json", "*.csv", "*.md", "*.yml", "*.po", "*.mo")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built from a copy so that no build folder is left in it."""
    source = tmp_path_factory.mktemp("source")
    for name in ("svcdesk", "schemas"):
        shutil.copytree(CHECKOUT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD, target], cwd=source, capture_output=True, check=True)
    (built,) = target.glob("svcdesk-*.whl")
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


def checked_out() -> dict[str, bytes]:
    files = [file for pattern in SHIPPED for file in (CHECKOUT / "svcdesk").rglob(pattern)]
    schemas = [file for pattern in SHIPPED for file in (CHECKOUT / "schemas").glob(pattern)]
    found = {file.relative_to(CHECKOUT).as_posix(): file.read_bytes() for file in files}
    return found | {f"svcdesk/schemas/{file.name}": file.read_bytes() for file in schemas}


def test_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    packed, expected = contents(wheel), checked_out()
    assert sorted(packed) == sorted(expected)
    assert packed == expected


@pytest.mark.parametrize(
    "name",
    [
        "svcdesk/cli.py",
        "svcdesk/data/clauses.csv",
        "svcdesk/data/evidence.md",
        "svcdesk/locale/zh_CN/LC_MESSAGES/svcdesk.mo",
        "svcdesk/schemas/common.json",
        "svcdesk/schemas/key-loan.json",
    ],
)
def test_wheel_holds_its_data(wheel: Path, name: str) -> None:
    assert name in contents(wheel)


@pytest.mark.long
def test_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    scripts = tmp_path / "environment" / "bin"
    identity = {"GIT_AUTHOR_NAME": "Admin", "GIT_AUTHOR_EMAIL": "admin@example.org"}

    def start(*command: str | Path, cwd: Path = tmp_path) -> str:
        done = subprocess.run(
            command, cwd=cwd, env={**os.environ, **identity}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    start(sys.executable, "-m", "venv", tmp_path / "environment")
    start(scripts / "python", "-m", "pip", "install", "--quiet", wheel)
    assert "0.1.0" in start(scripts / "svcdesk", "--version")
    start(scripts / "svcdesk", "init", "desk", "--name", "Tower A", "--timezone", "Asia/Shanghai")
    start(scripts / "svcdesk", "check", cwd=tmp_path / "desk")
