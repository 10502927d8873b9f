"""How the errors of a run are told beside those asked for."""

from __future__ import annotations

from typing import Any

import pytest

from spv_sim.report.until import goal_words, stopped_words, until_lines, until_words, width_words


def goal(**given: Any) -> dict[str, Any]:
    return {"metric": "m.x", "asked": "2 %", "unit": "USD", "half_width": 1.0, "relative": False, **given}


@pytest.mark.parametrize(
    ("width", "unit", "relative", "words"),
    [
        (0.0204, "USD", True, "2.04 % of its value"),
        (0.02, "share", True, "2.00 % of its value"),
        (4.0, "x", True, "400 % of its value"),
        (0.00123, "share", False, "0.123 pp"),
        (0.00184, "1/year", False, "0.184 %/year"),
        (9_214_000.0, "USD", False, "9.21 m USD"),
        (0.0, "share", True, "0"),
        (None, "USD", False, "unknown"),
    ],
)
def test_widths(width: float | None, unit: str, relative: bool, words: str) -> None:
    assert width_words(width, unit, relative) == words


def test_hostile_words_are_tamed() -> None:
    assert "\x1b" not in goal_words(goal(metric="\x1b[31m.x", asked="\x1b[31m"))


@pytest.mark.parametrize(
    ("stopped", "words"),
    [
        ("reached", "stopped at 16,384 paths, with every error that was asked for"),
        ("most_paths", "stopped at 16,384 paths, the most allowed, before"),
        ("kept_paths", "stopped at 16,384 paths, the most whose values are kept (--keep), before"),
    ],
)
def test_why_it_stopped(stopped: str, words: str) -> None:
    record = {"stopped": stopped, "paths": 16_384, "goals": [goal(half_width=0.0183, relative=True), goal()]}
    assert stopped_words(record).startswith(words)
    lines = until_lines({"manifest": {"until": record}}, 60)
    assert lines[0].startswith("Until     stopped at 16,384 paths")
    assert lines[-2:] == [
        "          m.x ± 1.83 % of its value, asked ± 2 %",
        "          m.x ± 1.00 USD, asked ± 2 %",
    ]
    assert max(map(len, lines)) <= 60


def test_a_number_of_paths_has_nothing_to_say() -> None:
    assert until_words({}) == until_lines({"manifest": {}}, 80) == []
