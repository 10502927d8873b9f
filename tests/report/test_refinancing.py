"""What the report says of a refinancing, in words and in its tables."""

from __future__ import annotations

import copy
from typing import Any

from spv_sim.report.page import page
from spv_sim.report.refinancing import refinancing_sentence
from spv_sim.report.terminal import summary
from tests.report.example import example
from tests.report.test_after_default import told
from tests.report.test_page import plain

FOUND = {
    "probability": told(0.82),
    "probability_with_equity": told(0.53),
    "probability_of_failure": told(0.014),
    "coupon": told(0.0668, "1/year", 1e-5),
    "equity_paid": told(346e6, "USD", 1e6),
}


def refinanced() -> dict[str, Any]:
    """The example's document with a refinancing in it."""
    run = copy.deepcopy(example()[0])
    run["metrics"] |= {f"refinancing.{name}": found for name, found in FOUND.items()}
    return run


def test_a_deal_without_a_refinancing_says_nothing_of_one() -> None:
    run, _ = example()
    assert refinancing_sentence(run) == ""
    assert "New loan" not in summary(run)


def test_the_sentence_tells_how_often_at_what_rate_and_who_pays() -> None:
    words = refinancing_sentence(refinanced())
    assert words.startswith(
        "A new loan is lent on 82.00 ± 0.20 % of paths, at 6.680 ± 0.002 %/year on average"
    )
    assert "the shareholders pay towards it on 53.00 ± 0.20 %, 346.0 ± 2.0 m USD on average" in words
    assert words.endswith("on 1.40 ± 0.20 % too little is lent and nobody pays the rest.")


def test_the_sentence_stands_in_the_summary_and_on_the_page() -> None:
    run = refinanced()
    words = refinancing_sentence(run)
    assert f"New loan {' '.join(words.split())}" in " ".join(summary(run).split())
    shown = plain(page(run, [], ("senior",)))
    assert " ".join(words.split()) in shown
    assert "P(refinanced with equity)" in shown
