"""What the tests of commands share."""

from __future__ import annotations

import pytest

from tests.cli.invoke import Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command line, called in this process."""
    return Shell(capsys)
