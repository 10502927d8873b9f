"""What the tests of commands share."""

from __future__ import annotations

import pytest

from spv_sim.cli.main import main
from tests.cli.invoke import Shell
from tests.cli.process import BASE


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command line, called in this process."""
    return Shell(capsys)


@pytest.fixture(scope="session")
def compiled() -> None:
    """Machine code of the engine, so that no command of a test says that it compiles."""
    assert main(["replay", str(BASE), "0"]) == 0
