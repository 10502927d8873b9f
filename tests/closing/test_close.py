"""What closing finds out about the whole deal."""

from __future__ import annotations

import pytest

from spv_sim.closing.close import close
from tests.closing.deals import base


@pytest.mark.parametrize(
    ("sets", "every"),
    [
        ((), 3),
        (("capital.tranche.senior.payment_every=1 month",), 1),
        # Interest and fees are paid every month of the construction.
        (("grid.construction=3 months",), 1),
        (("capital.tranche.senior.payment_every=1 month", "grid.construction=3 months"), 1),
    ],
)
def test_months_between_flows(sets: tuple[str, ...], every: int) -> None:
    assert close(base("vci-h100", *sets)).terms.deal.flow_every == every
