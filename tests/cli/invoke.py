"""Runs the command line in this process."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from spv_sim.cli.main import main


@dataclass(frozen=True)
class Outcome:
    """Exit status and what was written."""

    status: int
    out: str
    err: str


class Shell:
    """Calls `main` and catches what it writes."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def __call__(self, *arguments: object) -> Outcome:
        self.capture.readouterr()
        status = main([str(argument) for argument in arguments])
        written = self.capture.readouterr()
        return Outcome(status, written.out, written.err)
