"""Joint defaults of several obligors by a Gaussian copula, and the loss of a large pool of them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def both_below(a: float, b: float, correlation: float) -> float:
    """P(X <= a, Y <= b) of two standard normals [1].

    Source: Plackett (1954): the derivative in the correlation is the bivariate density; the angle asin(rho)
    makes the integrand smooth.
    """
    from scipy.special import ndtr

    points, weights = np.polynomial.legendre.leggauss(128)
    top = math.asin(correlation)
    angle = top * (points + 1) / 2
    with np.errstate(divide="ignore"):
        density = np.exp(-(a * a + b * b - 2 * a * b * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    return float(ndtr(a) * ndtr(b) + top / 2 * float(weights @ density) / (2 * math.pi))


def joint_default(first: float, second: float, correlation: float) -> float:
    """Probability that two obligors default, given the probability of each and the copula's correlation."""
    from scipy.special import ndtri

    return both_below(float(ndtri(first)), float(ndtri(second)), correlation)


def pool_loss_distribution(share: Array, probability: float, correlation: float) -> Array:
    """P(share of a large pool that defaults <= x) [1].

    Source: Vasicek (2002), large homogeneous pool.
    """
    from scipy.special import ndtr, ndtri

    scaled = math.sqrt(1 - correlation) * ndtri(share) - ndtri(probability)
    return np.asarray(ndtr(scaled / math.sqrt(correlation)))


def pool_loss_quantile(level: Array, probability: float, correlation: float) -> Array:
    """Share of a large pool that defaults at a confidence level [1]."""
    from scipy.special import ndtr, ndtri

    scaled = ndtri(probability) + math.sqrt(correlation) * ndtri(level)
    return np.asarray(ndtr(scaled / math.sqrt(1 - correlation)))


def pool_loss_above(share: float, probability: float, correlation: float) -> float:
    """E[(L - share)+] of the defaulting share L of a large pool [1]."""
    from scipy.special import ndtri

    if share <= 0:
        return probability - share
    if share >= 1:
        return 0.0
    return both_below(float(ndtri(probability)), -float(ndtri(share)), -math.sqrt(1 - correlation))


def tranche_loss(attach: float, detach: float, probability: float, correlation: float) -> float:
    """Expected loss of a tranche of a large pool without recovery, as a share of the tranche [1]."""
    above = [pool_loss_above(point, probability, correlation) for point in (attach, detach)]
    return (above[0] - above[1]) / (detach - attach)
