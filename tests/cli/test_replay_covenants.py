"""A replay tells what covenants measure, where they fail, and what cures them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.invoke import Shell
from tests.test_metamorphic import DEAL_X

SETS = (
    "capital.debt_share=40 %",
    "capital.tranche.senior.dsra=0 months",
    "capital.covenant.value={ kind = 'ltv', level = ['72 %', '60 %', '45 %'], equity_cures = 1 }",
)


@pytest.fixture
def replayed(capsys: pytest.CaptureFixture[str]) -> Any:
    """What `replay` prints for a path of deal X with a test of loan to value."""

    def start(*words: str) -> str:
        done = Shell(capsys)(
            "replay", DEAL_X, 0, *words, *(part for word in SETS for part in ("--set", word))
        )
        assert done.status == 0, done.err
        return str(done.out)

    return start


def test_the_table_tells_of_cures_and_failures(replayed: Any) -> None:
    lines = replayed().splitlines()
    assert "value cured with" in lines[2]
    assert "from cash, value cured with" in lines[2]
    assert "by equity" in lines[2]
    failing = [line for line in lines if "value 0." in line and " against 0.6" in line]
    assert failing
    assert "locked up" in failing[0]


def test_the_document_holds_value_level_state_and_cures(replayed: Any) -> None:
    months = json.loads(replayed("--json"), parse_constant=pytest.fail)["months"]
    assert months["covenant.value.level"][0] == 0.72
    assert months["covenant.value.measured"][0] == pytest.approx(0.72, rel=1e-12)
    assert months["covenant.value.fails"][0] is False
    assert True in months["covenant.value.fails"]
    assert months["covenant.value.cured_by_equity"][0] == months["equity_cure"][0] > 0
