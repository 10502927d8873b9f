"""A run of deal X with its report."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.cli.invoke import Shell
from tests.test_metamorphic import DEAL_X


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run deal X with its report: run.json, the page and what the terminal shows."""

    def start(*words: str, paths: int = 40) -> tuple[dict[str, Any], str, str]:
        options = ["--paths", paths, "-o", tmp_path / "run"]
        options += [part for word in words for part in ("--set", word)]
        done = Shell(capsys)("run", DEAL_X, *options)
        assert done.status == 0, done.err
        document = json.loads((tmp_path / "run" / "run.json").read_text(), parse_constant=pytest.fail)
        return document, unescape((tmp_path / "run" / "report.html").read_text()), done.out

    return start
