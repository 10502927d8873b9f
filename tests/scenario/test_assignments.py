"""Settings changed from the command line: what is taken, what is refused, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spv_sim.errors import UserError
from spv_sim.scenario.read import Loaded, read
from tests.scenario.test_merge import KEYS, STARTER_FILE, folder, refusal

__all__ = ["folder"]


ASSIGNMENTS = [
    ("capital.debt_share=60 %", "capital.debt_share", "60 %"),
    ('capital.debt_share="60 %"', "capital.debt_share", "60 %"),
    ("capital.debt_share=0.6", "capital.debt_share", "60 %"),
    ("capital.debt_share = 0.6 ", "capital.debt_share", "60 %"),
    ("deal.closing=2027-01-31", "deal.closing", "2027-01-31"),
    ("deal.name=A = b", "deal.name", "A = b"),
    ('deal."name"=x', "deal.name", "x"),
    ("lease.triple_net=false", "lease.triple_net", "false"),
    ('credit.hazard=["5 %", "4 %"]', "credit.hazard", '["5 %/year", "4 %/year"]'),
    ("capital.advance_rate=0.5", "capital.advance_rate", "50 %"),
    (
        "gpu_price.curve={ kind = 'straight_line', life = '4 years', salvage = 0 }",
        "gpu_price.curve.life",
        "4 years",
    ),
]


@pytest.mark.parametrize(("assignment", "key", "value"), ASSIGNMENTS)
def test_assignments(folder: Path, assignment: str, key: str, value: str) -> None:
    loaded = read(folder / "base.toml", [assignment])
    origin = loaded.origins[key]
    assert str(origin) == f"--set {assignment}"
    assert shown(loaded, key) == value


def shown(loaded: Loaded, key: str) -> str:
    from spv_sim.scenario.read import resolved

    return next(setting.value for setting in resolved(loaded) if setting.key == key)


BAD_ASSIGNMENTS = [
    ("lease.rate", "usage", "key=value"),
    ("=5", "usage", "key=value"),
    ("a..b=5", "usage", "key=value"),
    ("a b=5", "usage", "key=value"),
    ("[lease]\nrate=5", "usage", "key=value"),
    ("extends=x.toml", "usage", "only be written in a file"),
    ("lease.ratte=5", "unknown-key", "lease.ratte is not a setting"),
    ("lease.rate=5", "unit", "has no unit"),
    ("lease.rate=2 EUR", "unit", "is not a unit"),
    ("capital.debt_share=70", "range", 'write "70 %" or 0.70'),
    ("gpu_price.jump.mean_log=nan", "range", "not a finite number"),
    ("a.b.c.d.e.f.g.h.i=1", "depth", "levels deep"),
    ("monte_carlo.paths=1000000000000", "range", "above the cap"),
    ("lease.triple_net=1\nx = 2", "type", "is not true or false"),
    ("x=" + "[" * 300 + "]" * 300, "depth", "levels deep"),
    ("lease.rate=", "unit", "is not a price per GPU-hour"),
    ("x=" + "[" * 3000, "unknown-key", "x is not a setting"),
]


@pytest.mark.parametrize(("assignment", "code", "words"), BAD_ASSIGNMENTS)
def test_bad_assignments(folder: Path, assignment: str, code: str, words: str) -> None:
    (problem,) = refusal(folder / "base.toml", assignment).problems
    assert problem.code == code
    assert words in problem.message
    assert problem.file is not None
    assert problem.file.startswith("--set ")


@given(
    assignment=st.one_of(
        st.text(max_size=60), st.tuples(st.sampled_from(KEYS), st.text(max_size=40)).map("=".join)
    )
)
@settings(max_examples=400, deadline=None)
def test_any_assignment_is_taken_or_refused_in_words(assignment: str) -> None:
    try:
        read(STARTER_FILE, [assignment])
    except UserError as fault:
        problems = fault.problems
    else:
        problems = ()
    assert all((problem.file or "").startswith("--set ") for problem in problems)
    assert all(line.isprintable() for problem in problems for line in str(problem).split("\n"))


def test_all_bad_assignments_are_shown_with_the_files_own_fault(folder: Path) -> None:
    fault = refusal(folder / "absent.toml", "nonsense", "extends=1")
    assert [problem.code for problem in fault.problems] == ["unreadable", "usage", "usage"]


def test_an_override_speaks_after_the_assignments(folder: Path) -> None:
    loaded = read(folder / "base.toml", ["capital.advance_rate=0.5"])
    changed = loaded.override(
        {"capital.debt_share": "40 %", "monte_carlo.paths": 7, "lease.triple_net": False}
    )
    capital = changed.scenario.capital
    assert (capital.debt_share, capital.advance_rate, changed.scenario.monte_carlo.paths) == (0.4, None, 7)
    assert loaded.scenario.capital.advance_rate == 0.5
    with pytest.raises(UserError, match=r"lease\.rat is not a setting"):
        loaded.override({"lease.rat": 1})
