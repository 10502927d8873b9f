"""The table of a replay shows the debt of each tranche, or of the first and of all others."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis.replay import Replay
from spv_sim.cli.replay import FLAGS, SHOWN, shown_columns, table

TRANCHES = ("senior", "mezzanine", "junior", "holdco\x1b")


def replay(count: int) -> Replay:
    """Two months in which each tranche owes 1 m USD times its rank and pays a tenth of it as interest."""
    names = TRANCHES[:count]
    months = {name: np.array([1.0, 2.0]) for name in (*SHOWN, *FLAGS, "lease_phase", "outcome")}
    for rank, name in enumerate(names, 1):
        months[f"{name}.debt"] = np.full(2, rank * 1e6)
        months[f"{name}.interest_paid"] = np.full(2, rank * 1e5)
        months[f"{name}.principal_paid"] = np.zeros(2)
        months[f"{name}.prepaid"] = np.full(2, 1e4)
    months["D"], months["Q"] = np.full(2, 1e6), np.full(2, 1e6 * sum(range(2, count + 1)))
    return Replay(7, 0, {"equity.irr": 0.1}, months, {}, names)


def test_one_tranche_has_the_names_of_the_model() -> None:
    assert list(shown_columns(replay(1))) == list(SHOWN)


@pytest.mark.parametrize(
    ("count", "heads", "interest", "last"),
    [
        (2, ["senior", "mezzanine", "dscr"], "0.30", "2.00"),
        (3, ["senior", "mezzanine", "junior", "dscr"], "0.60", "3.00"),
        (4, ["senior", "others", "dscr"], "1.00", "9.00"),
    ],
)
def test_several_tranches_have_columns_of_their_own(
    count: int, heads: list[str], interest: str, last: str
) -> None:
    lines = table("deal", replay(count))
    assert lines[1].split()[-len(heads) :] == heads
    first = dict(zip(lines[1].split(), lines[2].split()[: len(lines[1].split())], strict=True))
    assert first["int_paid"] == interest
    assert first["prin_paid"] == f"{count / 100:.2f}"
    assert first[heads[-2]] == last
    assert all(line.isprintable() for line in lines)
    assert max(len(line) for line in lines) < 220
