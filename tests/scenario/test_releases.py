"""Faults of announced releases and of heavy-tailed jumps, each alone, with its key and its words."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, sound, spoil

RELEASE = """[gpu_price.release.rubin]
at = "20 months"
mean_log = -0.22
delay = { kind = "triangular", mode = "2 months", most = "9 months" }

[gpu_price.jump]"""
TOLD = spoil("[gpu_price.jump]", RELEASE, STARTER)
CURVE = 'kind = "exponential" # or "straight_line", "table" and others\ndecay = "25 %/year"'
HEDONIC = (
    'kind = "hedonic"\ndecline = "9 %"\nelasticity = "30 %"\nrelease = { a = { at = "1 year", gain = "2x" } }'
)
TRIANGLE = 'kind = "triangular", mode = "2 months", most = "9 months"'

FAULTS = [
    (CURVE, HEDONIC, "gpu_price.release", "would count twice"),
    ('at = "20 months"', 'at = "0 months"', "at", "below 1 month"),
    ('at = "20 months"', "", "at", "is required"),
    ("mean_log = -0.22\ndelay", "delay", "mean_log", "is required"),
    ("mean_log = -0.22\ndelay", "mean_log = -0.22\nsd_log = -1\ndelay", "sd_log", "below 0"),
    (TRIANGLE, 'kind = "triangular", mode = "10 months", most = "9 months"', "mode", "not in rising order"),
    (TRIANGLE, 'kind = "gamma", shape = 0, scale = "2 months"', "shape", "not above 0"),
    (TRIANGLE, 'kind = "lognormal", median = "0 months", sd_log = 1', "median", "not above 0"),
    (TRIANGLE, 'kind = "uniform", most = "2 months"', "kind", "is not one of gamma, lognormal, triangular"),
]


def test_a_release_is_sound() -> None:
    assert sound(TOLD).warnings == ()


@pytest.mark.parametrize(("old", "new", "key", "words"), FAULTS, ids=[row[3] for row in FAULTS])
def test_faults(old: str, new: str, key: str, words: str) -> None:
    (found,) = faults(spoil(old, new, TOLD))
    assert found.key is not None
    assert found.key.endswith(key)
    assert found.line is not None
    assert words in found.message


def test_a_loading_needs_a_lease_rate() -> None:
    text = spoil("mean_log = -0.22\ndelay", "mean_log = -0.22\non_rents = 0.5\ndelay", TOLD)
    assert not faults(text)
    start = text.index("[lease_rate]")
    end = text.index("\n[", start + 1)
    alone = spoil('mode = "remarket"', 'mode = "liquidate"', text[:start] + text[end + 1 :])
    found = [fault for fault in faults(alone) if fault.key and fault.key.endswith("on_rents")]
    assert len(found) == 1
    assert "whose rate could jump" in found[0].message


HEAVY = 'intensity = "0.6 /year"\nup_share = "25 %"\nup_rate = 12\ndown_rate = 6\n'
TAILS = STARTER[: STARTER.index("[gpu_price.jump]")] + "[gpu_price.exponential_jump]\n" + HEAVY
TAILS += STARTER[STARTER.index("\n[", STARTER.index("[gpu_price.jump]") + 1) :]

TAIL_FAULTS = [
    ("up_rate = 12", "up_rate = 1", "up_rate", "not above 1"),
    ("down_rate = 6", "down_rate = 0", "down_rate", "not above 0"),
    ('up_share = "25 %"', 'up_share = "125 %"', "up_share", "above"),
    ("up_rate = 12", "", "up_rate", "is required"),
]


@pytest.mark.parametrize(("old", "new", "key", "words"), TAIL_FAULTS, ids=[row[3] for row in TAIL_FAULTS])
def test_faults_of_heavy_tails(old: str, new: str, key: str, words: str) -> None:
    (found,) = faults(spoil(old, new, TAILS))
    assert found.key is not None
    assert found.key.endswith(key)
    assert found.line is not None
    assert words in found.message


def test_one_law_of_jumps() -> None:
    both = '[gpu_price.jump]\nintensity = "1 /year"\nmean_log = 0\nsd_log = 0\n[gpu_price.exponential_jump]'
    (found,) = faults(spoil("[gpu_price.exponential_jump]", both, TAILS))
    assert found.code == "exactly-one"
    assert "exclude each other" in found.message


def test_more_jumps_than_are_drawn_are_warned_about() -> None:
    assert sound(TAILS).warnings == ()
    (warning,) = sound(spoil('"0.6 /year"', '"24 /year"', TAILS)).warnings
    # P(N > 8) of a Poisson count of mean 2
    assert "more than 8 jumps come in 0.0002 of all months" in warning


def test_the_later_law_of_jumps_replaces_the_one_of_the_parent() -> None:
    law = {"intensity": "1 /year", "up_share": 0, "up_rate": 2, "down_rate": 3}
    price = sound(STARTER).override({"gpu_price.exponential_jump": law}).scenario.gpu_price
    assert price.jump is None
    assert price.exponential_jump is not None
