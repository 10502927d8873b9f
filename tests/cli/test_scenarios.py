"""Every scenario file of the folder: read, run from the command line, and with a source for each figure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from spv_sim.scenario.read import read
from tests.cli.invoke import Shell
from tests.cli.process import ROOT

FOLDER = ROOT / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))
PARENTS = sorted((FOLDER / "common").glob("*.toml"))

TAG = re.compile(r"\[(?:F|F2|R|D|E|A)\]")
"""Filed, filed as relayed, reported, arithmetic, estimate, assumption."""

FIGURE = re.compile(r'^"?[\w .-]+"?\s*=\s*(.*\d.*)$')
NOT_A_FIGURE = ("schema", "extends", "name", "description", "metric", "source", "paths", "seed", "group")

EXPECTED = (
    "credit.use_measure: hazards under Q are divided by the risk premium",
    "credit.default_month",
    "spv.first: credit: the programme's hold, and not those of",
)
"""Beginnings of the warnings that a scenario is meant to give."""


def tables(text: str) -> Iterator[list[str]]:
    """The lines of each table of a file, the comments above its settings among them."""
    block: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            yield block
            block = []
        block.append(line)
    yield block


def figures_without_source(text: str) -> list[str]:
    """Settings with a number but no tag on their line, in the comment above, or in the table's source."""
    found = []
    for block in tables(text):
        if any(line.startswith("source =") for line in block) or (block[:1] and block[0].endswith(".set]")):
            continue  # the table tells it, or the one that its overrides belong to
        told = False  # by the comment above, up to the next empty line
        for line in block:
            if line.startswith("#"):
                told = told or bool(TAG.search(line))
            elif not line.strip():
                told = False
            elif (match := FIGURE.match(line.split(" #")[0].rstrip())) and not told:
                key = line.split("=")[0].strip()
                if key not in NOT_A_FIGURE and not TAG.search(line):
                    found.append(f"{match[0]}")
    return found


@pytest.mark.parametrize("path", [*FILES, *PARENTS], ids=lambda path: path.stem)
def test_every_figure_has_a_source(path: Path) -> None:
    text = path.read_text()
    assert not figures_without_source(text)
    assert "Tags as in" in text or len(set(TAG.findall(text))) >= 4


def test_a_figure_without_a_source_is_found() -> None:
    text = '# [A]\na = "5 %"\n\nb = 3\n[t]\nc = "4 %" # [F] x\nd = "1 %" # y\n[u]\nsource = "s"\ne = 1'
    assert figures_without_source(text) == ["b = 3", 'd = "1 %"']


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("compiled")
def test_every_file_runs(path: Path, tmp_path: Path, shell: Shell) -> None:
    """2,000 paths through the command line: no fault, no other warning than meant, every check passed."""
    done = shell("validate", path)
    assert done.status == 0, done.err
    done = shell("run", path, "--paths", "2000", "--no-report", "-o", tmp_path / "run")
    assert done.status == 0, done.err
    warnings = [line for line in done.err.splitlines() if line.strip()]
    assert all(any(words in line for words in EXPECTED) for line in warnings), done.err
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert run["manifest"]["paths"] == 2000
    assert run["scenario"]["name"] == read(path).scenario.deal.name
    deals = (
        [run]
        if "checks" in run
        else [json.loads(each.read_text()) for each in (tmp_path / "run").glob("*/run.json")]
    )
    assert len(deals) == len(run.get("vehicles", [run]))
    for deal in deals:
        assert [check["name"] for check in deal["checks"] if not check["passed"]] == []
        assert all(figure["source"] for figure in (deal["filed"] or {}).get("figures", []))


def test_names_and_purposes_are_told_apart() -> None:
    deals = [read(path).scenario.deal for path in FILES]
    assert len({deal.name for deal in deals}) == len({deal.description for deal in deals}) == len(FILES)
    assert all(deal.description.endswith(".") for deal in deals)


def test_every_parent_has_children() -> None:
    extended = {
        (path.parent / parent).resolve()
        for path in (*FILES, *PARENTS)
        if (parent := tomllib.loads(path.read_text()).get("extends"))
    }
    assert set(PARENTS) <= extended
