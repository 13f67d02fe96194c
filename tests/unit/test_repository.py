"""What holds for the repository as a whole, where no tool of its own looks."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"app", "player", "proctor", "sync", "resources", "tools", "tests", "docs", "main", "dev"}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def python_files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def in_git() -> list[Path]:
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry() -> None:
    """Where packages come from is each machine's own matter; the lock has only hashes."""
    hosts = [  # in pieces, so that this file does not name one either
        "pypi" + ".org", "python" + "hosted", "npm" + "js.", "npm" + "mirror",
        "deb.debian" + ".org", "security.debian" + ".org", "mirrors.tuna" + ".",
        "mirrors.aliyun" + ".", "crates" + ".io",
    ]  # fmt: skip
    found = [
        (file.relative_to(ROOT).as_posix(), host)
        for file in in_git()
        for host in hosts
        if host.encode() in file.read_bytes()
    ]
    assert not found


# --- The pure core: what import-linter can't see, because no import is needed for it. ---

IMPURE_NAMES = {"open", "print", "input", "exec", "eval", "breakpoint"}
IMPURE_ATTRIBUTES = {
    "now", "utcnow", "today", "uuid1", "uuid4", "getnode", "read_text", "read_bytes",
    "write_text", "write_bytes", "mkdir", "unlink", "iterdir", "rglob", "touch", "is_file",
    "is_dir", "samefile", "cwd", "home", "expanduser", "urlopen",
}  # fmt: skip


def is_pure(file: Path) -> bool:
    room = file.relative_to(ROOT)
    return not (
        "adapters" in room.parts
        or room.parts[:2] in {("app", "ui"), ("sync", "reference"), ("app", "bootstrap")}
        or room == Path("app/bootstrap.py")
    )


def calls_when_imported(module: ast.Module) -> Iterator[ast.Call]:
    """Walk all but ``if __name__ == "__main__":``, which runs for nobody who imports it."""
    for statement in module.body:
        match statement:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                continue
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.Call))


def impure_calls(module: ast.Module) -> Iterator[str]:
    for node in calls_when_imported(module):
        match node.func:
            case ast.Name(id=name) if name in IMPURE_NAMES:
                yield f"{node.lineno}: {name}()"
            case ast.Attribute(attr=name) if name in IMPURE_ATTRIBUTES:
                yield f"{node.lineno}: .{name}()"
            case ast.Attribute(value=ast.Name(id="random"), attr=name) if name != "Random":
                yield f"{node.lineno}: random.{name}() draws from the module's shared state"
            case ast.Attribute(value=ast.Attribute(attr="random"), attr=name) if name not in {
                "Generator",
                "PCG64",
                "Philox",
            }:
                yield f"{node.lineno}: numpy.random.{name}()"


def test_the_pure_core_calls_nothing_impure() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{call}"
        for file in python_files("app", "player", "proctor", "sync")
        if is_pure(file)
        for call in impure_calls(tree(file))
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)", "date.today()", "uuid.uuid4()", "random.random()", "open('x')",
        "np.random.rand(3)", "Path('x').read_text()",
    ],
)  # fmt: skip
def test_impure_calls_are_seen(line: str) -> None:
    assert list(impure_calls(ast.parse(line)))


@pytest.mark.parametrize("line", ["random.Random(7)", "uuid.uuid5(space, 'x')", "d.timestamp()"])
def test_pure_calls_are_let_through(line: str) -> None:
    assert not list(impure_calls(ast.parse(line)))


# --- Dependencies: every import is declared, in the group that the importing room may use. ---

PLATFORM_ROOMS = ("sync/reference", "app/bootstrap/contract_check.py")
EXTRAS = {"sync/adapters/gm.py": "gm"}
BY_NAME = {"httptools", "psycopg", "uvloop"}
"""Loaded by others: SQLAlchemy by a name in the address, uvicorn where it finds them."""

DEMO_ROOMS = ("resources", "proctor/adapters/simulated")


def declared(*groups: str) -> set[str]:
    lines = list(PYPROJECT["project"]["dependencies"]) if "product" in groups else []
    for group in groups:
        lines += PYPROJECT["dependency-groups"].get(group, [])
        lines += PYPROJECT["project"]["optional-dependencies"].get(group, [])
    return {re.split(r"[\[<>=; ]", line, maxsplit=1)[0] for line in lines}


def groups_for(file: Path) -> tuple[str, ...]:
    room = file.relative_to(ROOT).as_posix()
    if room == "dev.py" or room.startswith("tools/"):
        return ()  # standard library only
    if room.startswith("tests/"):
        return ("product", "platform", "demo", "dev")
    if room.startswith(PLATFORM_ROOMS):
        return ("product", "platform")
    if room.startswith(DEMO_ROOMS):
        return ("product", "demo")
    return ("product", EXTRAS.get(room, "product"))


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@cache
def owners() -> dict[str, set[str]]:
    """Return which declared distributions bring each top-level module."""
    found: dict[str, set[str]] = {}
    for name in declared("product", "platform", "demo", "dev"):
        for file in metadata.distribution(name).files or []:
            found.setdefault(file.parts[0].partition(".")[0], set()).add(name)
    return found


def test_every_import_is_declared_where_it_is_used() -> None:
    undeclared = set()
    rooms = OURS - {"main", "dev", "docs"}  # what docs has is nobody's: its own test looks at it
    for file in python_files("dev.py", "main.py", *sorted(rooms)):
        allowed = declared(*groups_for(file))
        for module in imported(tree(file)):
            if module in OURS | {"_typeshed"} or module in sys.stdlib_module_names:
                continue
            if not owners().get(module, set()) & allowed:
                undeclared.add(f"{file.relative_to(ROOT)}: {module}")
    assert not undeclared


def test_main_only_reads_arguments() -> None:
    """`main → app.bootstrap`: import-linter knows packages, and main.py is none."""
    other = [
        node.module
        for node in ast.walk(tree(ROOT / "main.py"))
        if isinstance(node, ast.ImportFrom)
        and node.module not in {"app", "app.bootstrap"}
        and str(node.module).partition(".")[0] in OURS
    ]
    assert not other


def test_nothing_is_declared_that_nobody_imports() -> None:
    used = {
        owner
        for file in python_files("main.py", "app", "player", "proctor", "sync", "resources")
        for module in imported(tree(file))
        for owner in owners().get(module, set())
    }
    assert declared("product", "platform", "demo") - BY_NAME <= used


def test_opencv_is_there_once() -> None:
    """Two distributions that both own `cv2` break each other, and mediapipe wants contrib."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    assert [p["name"] for p in locked if p["name"].startswith("opencv")] == [
        "opencv-contrib-python"
    ]


# --- The checks check everything. ---


def test_no_module_is_exempt_from_type_checking() -> None:
    mypy = PYPROJECT["tool"]["mypy"]
    assert mypy["strict"] is True
    assert mypy["files"] == ["."]
    assert "overrides" not in mypy
    assert not {"ignore_missing_imports", "ignore_errors", "follow_imports"} & mypy.keys()


def test_every_ignored_line_names_what_it_ignores() -> None:
    blanket = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in python_files(*sorted(OURS - {"main", "dev"}))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if "# type: " + "ignore" in line and "# type: " + "ignore[" not in line
    ]
    assert not blanket
