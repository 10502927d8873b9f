"""What a lender of a floating tranche asks for above the base rate."""

from __future__ import annotations

import pytest

from spv_sim.cli.question import read_question
from spv_sim.scenario.read import read
from tests.floating.deals import FILE

ASKED = {"break_even_rate": None, "max_gearing": None, "par_coupon": "4 %", "tranche": None}


@pytest.mark.parametrize(
    ("file", "term"), [(FILE, "margin"), (FILE.parents[1] / "golden" / "x1.toml", "coupon")]
)
def test_the_par_coupon_of_a_floating_tranche_is_its_margin(file: object, term: str) -> None:
    question = read_question(read(str(file)), ASKED)
    assert question.key == f"capital.tranche.senior.{term}"
