"""The relations and martingales of model 17.3 and 17.4: where each is tested."""

from __future__ import annotations

from pathlib import Path

import pytest

RELATIONS = {
    "all USD x 1000": "test_metamorphic.test_currency_has_no_meaning",
    "permutation of pari tranches": "test_metamorphic_debt.test_pari_tranches_may_stand_in_any_order",
    "a tranche in two halves": "test_metamorphic_debt.test_a_tranche_in_two_pari_halves_is_the_same_cash",
    "no hazard": "test_metamorphic.test_no_hazard_no_default",
    "infinite hazard": "test_metamorphic.test_a_certain_default_is_at_the_first_rent_after_completion",
    "no noise": "test_metamorphic.test_without_noise_every_path_is_the_deterministic_deal",
    "better recovery": "test_metamorphic.test_a_better_resale_price_harms_nobody",
    "dearer debt": "test_metamorphic.test_dearer_debt_costs_equity_return",
    "a tranche of nothing": "test_metamorphic_debt.test_a_tranche_of_nothing_changes_nothing",
    "no reserve and a free letter of credit": (
        "test_letter_of_credit.test_a_letter_of_credit_that_is_never_drawn_is_no_reserve_at_all"
    ),
    "no correlation": "test_metamorphic_debt.test_without_correlation_price_and_default_are_independent",
    "a finer grid: the law after many steps is that of one": (
        "test_moments.test_lease_rate_has_its_mean_and_variance"
    ),
    "tail without claims": "test_metamorphic.test_a_tail_changes_nothing_without_claims",
    "all equity": "test_metamorphic.test_all_equity",
    "no rent": "test_metamorphic.test_no_rent_at_all",
    "one month, no construction": "test_metamorphic.test_the_shortest_deal",
    "threads": "test_metamorphic.test_workers_and_chunks_change_no_bit",
    "a path among few and many": "test_metamorphic.test_a_path_is_itself_in_every_run",
    "features leave the factors alone": "test_metamorphic.test_features_leave_other_draws_alone",
    "rates leave the factors alone": "test_metamorphic_debt.test_base_rates_leave_the_other_factors_alone",
    "E[D P(t, T)] = P(0, T)": "test_short_rate.test_discounted_bonds_are_martingales",
    "E[price] is the curve": "test_moments.test_expected_price_is_the_curve",
    "E[survival] is the curve": "test_credit_engines.test_survival_is_that_of_the_curve",
    "a par swap is worth nothing": "test_swap.test_a_par_swap_is_worth_nothing_at_closing",
}
"""Relation -> test. Not here: a batch without units, which the schema refuses, and weights of importance
sampling, which there is none of."""


@pytest.mark.parametrize("relation", RELATIONS)
def test_each_relation_has_a_test(relation: str) -> None:
    module, name = RELATIONS[relation].split(".")
    files = list(Path(__file__).parent.rglob(f"{module}.py"))
    assert any(f"def {name}(" in file.read_text() for file in files)
