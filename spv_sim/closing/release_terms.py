"""Announced releases at closing: when each may have come, and what they do to expectations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.lease_rate_terms import STEP, reversion_speed
from spv_sim.market.release import ReleaseTerms

if TYPE_CHECKING:
    from spv_sim.scenario.gpu_price import GpuPrice, Release
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def reached_by(release: Release, months: Array) -> Array:
    """Probability that a release has come by a time since closing [months]."""
    since = months - release.at
    since = np.where(
        np.abs(since - np.rint(since)) < 1e-9, np.rint(since), since
    )  # years x 12 are whole months
    if release.delay is None:
        return np.where(since >= 0, 1.0, 0.0)
    return np.where(since >= 0, release.delay.reached(np.maximum(since, 0.0)), 0.0)


def log_release_growth(price: GpuPrice, years: Array) -> Array:
    """ln of what the releases multiply the mean price by, by time from closing [1].

    Source: model 3.1c: the product of 1 - F + F E[exp(J)] over independent releases.
    """
    growth = np.zeros(len(years))
    for release in price.release.values():
        come = reached_by(release, 12 * years)
        growth += np.log1p(come * np.expm1(release.mean_log + release.sd_log**2 / 2))
    return growth


def log_rent_growth(scenario: Scenario, last_month: int) -> Array:
    """ln of what the releases multiply the mean lease rate by, (last_month + 1,) float64 [1].

    A jump of the log rate fades with its mean reversion: after n months d^n of it are left.
    """
    growth = np.zeros(last_month + 1)
    if scenario.lease_rate is None:
        return growth
    months = np.arange(last_month + 1)
    kept = np.exp(-reversion_speed(scenario.lease_rate.half_life) * STEP * months)
    for release in scenario.gpu_price.release.values():
        come = reached_by(release, months.astype(np.float64))
        coming = np.diff(come, prepend=0.0)
        loading = release.on_rents * kept
        grown = np.expm1(loading * release.mean_log + (loading * release.sd_log) ** 2 / 2)
        growth += np.log1p(np.convolve(coming, grown)[: last_month + 1])
    return growth


def release_terms(price: GpuPrice, last_month: int) -> ReleaseTerms:
    """Kernel terms of the releases."""
    releases, months = price.release.values(), np.arange(last_month + 1, dtype=np.float64)
    reached = [reached_by(release, months) for release in releases]
    return ReleaseTerms(
        reached=np.array(reached).reshape(len(releases), last_month + 1),
        mean=np.array([release.mean_log for release in releases], dtype=np.float64),
        sd=np.array([release.sd_log for release in releases], dtype=np.float64),
        on_rents=np.array([release.on_rents for release in releases], dtype=np.float64),
    )


def no_releases(last_month: int) -> ReleaseTerms:
    """A market in which nothing is announced."""
    none = np.empty(0)
    return ReleaseTerms(np.empty((0, last_month + 1)), none, none, none)
