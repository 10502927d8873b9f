"""Faults of announced releases, each alone, with its key and its words."""

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
