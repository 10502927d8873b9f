"""The house: rooms import downwards only, files stay short, kernels stay free of the outer libraries."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "spv_sim"
ROOMS = [
    "errors",
    "kernel",
    "market",
    "spv",
    "engine",
    "scenario",
    "closing",
    "results",
    "analysis",
    "store",
    "report",
    "run",
    "bench",
    "cli",
]
FILES = sorted(PACKAGE.rglob("*.py"))
OTHERS = [path for room in ("tests", "benchmarks", "docs") for path in (ROOT / room).rglob("*.py")]
FORBIDDEN = {
    "kernel": {"pydantic", "click", "matplotlib", "rich", "jinja2"},
    "market": {"pydantic", "click", "matplotlib", "rich", "jinja2"},
    "spv": {"pydantic", "click", "matplotlib", "rich", "jinja2"},
    "engine": {"pydantic", "click", "matplotlib", "rich", "jinja2"},
    "scenario": {"numba", "matplotlib", "click"},
    "results": {"pydantic", "click", "matplotlib", "numba"},
    "store": {"numba", "click", "matplotlib", "pydantic"},
    "report": {"numba", "click", "pydantic"},
    "bench": {"click", "matplotlib", "pydantic"},
    "cli": {"numba", "llvmlite"},
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Modules imported at run time; what stands under TYPE_CHECKING is for readers and type checkers."""
    tree = ast.parse(path.read_text())
    skipped = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for statement in branch.body
        for node in ast.walk(statement)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    here = room(path)
    if here not in ROOMS:
        assert here in {"__init__", "__main__"}, f"{here} has no place in the order of the rooms"
        return
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "spv_sim" and len(parts) > 1 and parts[1] in ROOMS:
            assert ROOMS.index(parts[1]) <= ROOMS.index(here), f"{path} imports {module}"
        assert parts[0] not in FORBIDDEN.get(here, set()), f"{path} imports {module}"


def test_scenario_stays_apart_from_the_engine() -> None:
    for path in FILES:
        if room(path) == "scenario":
            rooms = {module.split(".")[1] for module in imports(path) if module.startswith("spv_sim.")}
            assert rooms <= {"errors", "scenario"}, path


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in [*FILES, *OTHERS]}
    too_long = {str(path): length for path, length in lengths.items() if length > 300}
    assert not too_long
    assert statistics.median(lengths.values()) <= 120


def test_every_module_says_what_it_is_for() -> None:
    for path in FILES:
        assert ast.get_docstring(ast.parse(path.read_text())), f"{path} has no docstring"


COMPILED = {"jit", "routine", "kernel"}


def counts_from_the_end(index: ast.expr) -> bool:
    parts = [index.lower, index.upper, index.step] if isinstance(index, ast.Slice) else [index]
    return any(isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub) for part in parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_kernel_counts_from_the_end_of_an_array(path: Path) -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        and any(isinstance(each, ast.Name) and each.id in COMPILED for each in function.decorator_list)
        for node in ast.walk(function)
        if isinstance(node, ast.Subscript) and counts_from_the_end(node.slice)
    ]
    assert found == []
