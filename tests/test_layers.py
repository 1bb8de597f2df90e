"""The walls of the house: who may import whom, and what a start may cost."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "svcdesk"
MODULES = {
    ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module named by an import below a node, as a dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative import"
            yield from (_imported(node.module or "", alias.name) for alias in node.names)


def _imported(module: str, name: str) -> str:
    """`from svcdesk import model` and `from svcdesk.registers import key` name modules too."""
    whole = f"{module}.{name}".removeprefix("svcdesk.")
    return f"svcdesk.{whole}" if module.startswith("svcdesk") and whole in MODULES else module


def inside(module: str) -> set[str]:
    """The modules of svcdesk that a module imports."""
    names = imports(parsed(module))
    return {name.removeprefix("svcdesk.") for name in names if name.startswith("svcdesk.")}


def matches(name: str, patterns: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns.split())


def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


PURE = (
    "acts judge form right binding signing workflow message policy settings people posts ids"
    " clock calendars periods decimals books tree growing snapshot holdings ledger timeline values"
    " contention disputes hindsight layered looks merging misfits"
)
WORDS = "model feeds claims declared"
"""The vocabulary: values, what registers tell each other, rules, what a register declares."""
STORAGE = "git commits objects reader worktree store"
SHOWN = f"output findings escape language {WORDS} errors schema registers {PURE}"
STRICT = (
    ("__init__", ""),
    ("model", ""),
    ("feeds", "model"),
    ("claims", "model feeds"),
    ("declared", "model feeds claims"),
    ("errors", "model"),
    ("escape", ""),
    ("sealed", ""),
    ("sealable", "fields sealed"),
    ("rules", f"{WORDS} clock"),
    ("periods", ""),
    ("decimals", ""),
    ("ledger", f"{WORDS} clock"),
    ("ledger_rules", f"{WORDS} rules clock"),
    ("sanctions", f"{WORDS} rules clock"),
    ("registers", f"{WORDS} registers.*"),
    ("registers.*", f"{WORDS} rules ledger_rules sanctions clock sshkeys periods decimals sealed"),
    *((name, f"{PURE} {WORDS} sealed sealable errors rules registers") for name in PURE.split()),
)
OUTER = (
    ("yamlio", "model errors"),
    ("schema", f"{WORDS} errors yamlio sealable shapes"),
    ("shapes", "sealable sealed"),
    ("commits", "model errors"),
    ("git", "model errors"),
    *((name, f"{STORAGE} model errors") for name in STORAGE.split()),
    ("index", f"{WORDS} errors"),
    ("language", f"{WORDS} errors schema escape sealed"),
    ("findings", "model errors escape language"),
    ("output", "model errors escape findings language yamlio"),
    ("locale.*", f"{WORDS} errors language schema judge workflow rules registers registers.*"),
    ("__main__", "cli"),
)
FRONT = ("cli", "commands", "commands.*")
UNNAMED = [each for each in MODULES if not matches(each, " ".join((*dict(STRICT + OUTER), *FRONT)))]
PLAIN = " ".join(each for each in UNNAMED if inside(each) <= {*WORDS.split(), "errors"})
"""Small helpers that know nothing of the house but its vocabulary; the outer modules may use them."""
DESK = " ".join((*UNNAMED, "sealed", "sealable", "shapes"))
"""The desk, and whatever modules it is made of."""

WALLS = (
    *STRICT,
    *((name, f"{targets} {PLAIN}") for name, targets in OUTER),
    ("commands.demo", f"{SHOWN} {DESK} commands.environment cli"),
    *((name, f"{SHOWN} {DESK} commands commands.*") for name in FRONT),
    ("demo.*", f"{DESK} {PURE} {WORDS} git language worktree yamlio errors"),
    ("*", f"{DESK} {PURE} {WORDS} errors rules registers schema yamlio index {STORAGE}"),
)
"""First match wins: a module, and the modules of svcdesk that it may import."""

OWNERS = {
    "yaml": "yamlio",
    "_yaml": "yamlio",
    "subprocess": "git keygen",
    "sqlite3": "index",
    "tabulate": "output",
    "wcwidth": "output",
    "jsonschema": "schema",
    "referencing": "schema",
    "babel": "locale.catalogue",
    "cryptography": "sshsig vault",
}
LATE = {"yaml", "tabulate", "wcwidth", "jsonschema", "referencing", "babel", "cryptography"}
INNOCENT = f"{WORDS} errors escape commits sshkeys rules registers registers.* {PURE}"
WORLDLY = {"io", "locale", "os", "pathlib", "random", "secrets", "shutil", "socket", "tempfile", "time"}


def own_part(module: str, name: str) -> bool:
    """Whether `name` is a part of the same register as `module`: it begins with its name, and is no register."""
    registers = [each for each in MODULES if fnmatch(each, "registers.*") and is_register(each)]
    whole = max((each for each in registers if f"{module}_".startswith(f"{each}_")), key=len, default="-")
    return name.startswith(f"{whole}_") and not is_register(name)


def is_register(module: str) -> bool:
    nodes = parsed(module).body
    targets = [target for node in nodes if isinstance(node, ast.Assign) for target in node.targets]
    return any(isinstance(each, ast.Name) and each.id == "REGISTER" for each in targets)


@pytest.mark.parametrize("module", MODULES)
def test_arrows_go_one_way(module: str) -> None:
    allowed = next(targets for pattern, targets in WALLS if fnmatch(module, pattern))
    beyond = {name for name in inside(module) if not matches(name, allowed)}
    assert {name for name in beyond if not own_part(module, name)} == set()


def test_a_register_imports_its_own_parts_only() -> None:
    assert own_part("registers.complaint", "registers.complaint_rules")
    assert own_part("registers.complaint_due", "registers.complaint_rules")
    assert not own_part("registers.complaint", "registers.key_loan")
    assert not own_part("registers.key_loan", "registers.complaint_rules")
    assert not own_part("registers.key", "registers.key_loan")


class AtRun(ast.NodeTransformer):
    """Leaves out what only a type checker reads."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        only_for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if only_for_types else self.generic_visit(node)


class AtStart(AtRun):
    """Leaves what runs when a module is imported."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        return None


def libraries(tree: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in imports(tree)}


@pytest.mark.parametrize("module", MODULES)
def test_each_outside_library_has_one_door(module: str) -> None:
    named = libraries(AtRun().visit(parsed(module)))
    outside = (named - sys.stdlib_module_names - {"svcdesk"}) | (named & OWNERS.keys())
    allowed = {name for name, owners in OWNERS.items() if module in owners.split()}
    if matches(module, " ".join(FRONT)):
        allowed.add("click")
    assert outside - allowed == set()


@pytest.mark.parametrize("module", MODULES)
def test_costly_libraries_are_imported_late(module: str) -> None:
    assert libraries(AtStart().visit(parsed(module))) & LATE == set()


@pytest.mark.parametrize("module", [each for each in MODULES if matches(each, INNOCENT)])
def test_pure_modules_touch_no_clock_and_no_file(module: str) -> None:
    tree = parsed(module)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    functions = {call.id for call in calls if isinstance(call, ast.Name)}
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert functions & {"open", "print", "input"} == set()
    assert methods & {"now", "today", "utcnow", "read_text", "read_bytes"} == set()
    assert libraries(tree) & WORLDLY == set()


LOOK = """
import sys
from svcdesk.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["key", "loan", "--help"]])
def test_import_budget(arguments: list[str]) -> None:
    command = [sys.executable, "-c", LOOK, *arguments]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stderr.split())
    assert "svcdesk.cli" in loaded
    assert loaded & (LATE | {"sqlite3", "hypothesis"}) == set()
