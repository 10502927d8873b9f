"""The reserve when a sweep repays the last of the debt: it is released on the next date (model R7, I14)."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.closing.close import close
from tests.closing.deals import base

SHARES = range(20, 100, 5)


def swept_out(share: int) -> bool:
    """Whether the sweep repays the last of the debt on a date that still asks for a reserve.

    The base case raises where an identity does not hold.
    """
    case = run_base_case(close(base("vci-h100", f"capital.tranche.senior.cash_sweep={share} %"))).ledger
    debt, prepaid, reserve = (case[name] for name in ("senior.debt", "senior.prepaid", "dsra"))
    date = int(np.flatnonzero((debt == 0) & (np.arange(len(debt)) > 0))[0])
    if prepaid[date] == 0 or reserve[date] == 0:
        return False
    assert reserve[date] == reserve[date - 3]
    assert reserve[date + 3] == 0
    received = case["cfads"][date + 1 : date + 4].sum()
    assert case["dist"][date + 3] == pytest.approx(reserve[date] + received, rel=1e-12)
    return True


def test_a_reserve_outlives_the_debt_by_a_date() -> None:
    found = [share for share in SHARES if swept_out(share)]
    assert found, "no sweep ends the debt between two dates; choose other shares"
