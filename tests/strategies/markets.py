"""What a market may hold: base rates, use, credit by every engine and quote, and correlations."""

from __future__ import annotations

import math
from itertools import combinations

from hypothesis import strategies as st

from spv_sim.scenario.rules_deal import LEAST_SHAPE
from tests.strategies import Document, Draw, Size, between, months, mostly, percent

DRIVERS = ("gpu_price", "lease_rate", "short_rate", "lessee_credit", "utilisation", "power")


@st.composite
def rates(draw: Draw) -> Document:
    """A yield curve, with or without a short rate that moves around it."""
    if draw(st.booleans()):
        curve: Document = {
            "kind": "nelson_siegel",
            "level": percent(draw(between(-0.01, 0.08, 3))),
            "slope": percent(draw(mostly(0.0, between(-0.03, 0.03, 3)))),
            "curvature": percent(draw(mostly(0.0, between(-0.03, 0.03, 3)))),
            "decay_time": months(draw(st.integers(3, 60))),
        }
    else:
        times = draw(st.lists(st.integers(1, 120), min_size=1, max_size=4, unique=True))
        rates = {months(time): percent(draw(between(-0.01, 0.08, 3))) for time in times}
        curve = {"kind": "knots", "zero_rates": rates}
    table: Document = {"curve": curve, "allow_negative": True}
    if draw(st.booleans()):
        table |= {
            "model": "hull_white",
            "mean_reversion": percent(draw(between(0.01, 1, 2))),
            "volatility": f"{draw(between(0, 2, 2))} %/sqrt(year)",
        }
        if draw(st.booleans()):
            table |= {"measure": "P", "rate_risk": draw(between(-1, 1, 1))}
    table["day_count"] = draw(st.sampled_from(["30/360", "ACT/360", "ACT/365F"]))
    return table


@st.composite
def utilisations(draw: Draw) -> Document:
    """Use between two bounds."""
    lowest, highest = draw(mostly(0.0, between(0, 0.4, 2))), draw(mostly(1.0, between(0.6, 1, 2)))
    inside = between(0.01, 0.99, 2).map(lambda part: percent(lowest + part * (highest - lowest)))
    return {
        "lowest": percent(lowest),
        "highest": percent(highest),
        "initial": draw(inside),
        "mean_level": draw(inside),
        "half_life": f"{draw(between(0.5, 24, 1))} months",
        "volatility": f"{draw(st.integers(0, 200))} %/sqrt(year)",
    }


@st.composite
def quotes(draw: Draw) -> Document:
    """Prices or frequencies of default that some hazard explains."""
    flat = percent(draw(between(0, 0.06, 3)))
    recovery = draw(between(0, 0.6, 1))
    match draw(st.sampled_from(["cds", "bond", "cumulative_default", "rating"])):
        case "cds":
            first = draw(between(0.001, 0.1, 4))
            spreads = {"1 years": first, "3 years": first * 1.2, "5 years": first * 1.3}
            table: Document = {"spreads": {tenor: percent(spread) for tenor, spread in spreads.items()}}
            table |= {"kind": "cds", "recovery": percent(recovery), "flat_rate": flat}
        case "bond":
            years = draw(st.integers(1, 7))
            table = {
                "kind": "bond",
                "coupon_rate": percent(draw(between(0.06, 0.12, 3))),
                "maturity": f"{years} years",
                "price": percent(draw(between(0.75, 0.98, 2))),
                "recovery": percent(recovery),
                "flat_rate": flat,
            }
        case "cumulative_default":
            table = {"kind": "cumulative_default", "defaults": {}}
            survived = 1.0
            for year in sorted(draw(st.sets(st.integers(1, 10), min_size=1, max_size=4))):
                survived *= 1 - draw(between(0, 0.4, 2))
                table["defaults"][f"{year} years"] = percent(1 - survived)
        case _:
            down, lost = draw(between(0, 0.4, 2)), draw(between(0, 0.4, 2))
            up = draw(between(0, 0.3, 2))
            table = {
                "kind": "rating",
                "initial": draw(st.sampled_from(["BB", "B"])),
                "transitions": {
                    "BB": {"BB": percent(1 - down), "B": percent(down)},
                    "B": {"BB": percent(up), "B": percent(1 - up - lost), "default": percent(lost)},
                },
            }
    return table


@st.composite
def add_quotes(draw: Draw, credit: Document) -> None:
    """Draw the hazard from quotes, and convert its measure."""
    credit.pop("hazard")
    credit["quotes"] = draw(quotes())
    credit["measure"] = "Q" if credit["quotes"]["kind"] in ("cds", "bond") else "P"


@st.composite
def add_credit(draw: Draw, credit: Document) -> None:
    """Enrich the plain credit table."""
    if "hazard" in credit and credit["engine"] != "cir" and draw(st.booleans()):
        draw(add_quotes(credit))
    if credit.get("engine") in ("hazard", "cir") and "default_month" not in credit and draw(st.booleans()):
        credit["regulatory"] = {
            "events": f"{draw(between(0, 2, 1))} /year",
            "severity": percent(draw(between(0.01, 1, 2))),
            "half_life": months(draw(st.integers(1, 36))),
            "curve_includes": False,
        }
    if credit.get("engine") != "black_cox" and "default_month" not in credit and draw(st.booleans()):
        credit |= {"use_measure": draw(st.sampled_from(["P", "Q"])), "risk_premium": draw(between(1, 3, 1))}


@st.composite
def correlations(draw: Draw, can_walk: bool) -> Document:
    """A possible matrix: of one driver or two behind all (singular), or of them and noise of their own."""
    angles = [draw(st.integers(0, 8)) * math.pi / 8 for _ in DRIVERS]
    kept = draw(st.sampled_from([1.0, 0.7, 0.0]))
    table: Document = {}
    for (i, one), (j, other) in combinations(enumerate(DRIVERS), 2):
        rho = kept * math.cos(angles[i] - angles[j])
        rho = float(round(rho)) if abs(abs(rho) - 1) < 1e-12 or abs(rho) < 1e-12 else rho
        if rho and (can_walk or "lessee_credit" not in (one, other)):
            table.setdefault(one, {})[other] = rho
    return table


@st.composite
def add_curve(draw: Draw, price: Document) -> None:
    """A further kind of depreciation curve, in half of the draws."""
    if price["jump"] is None and draw(st.booleans()):
        price["exponential_jump"] = {
            "intensity": f"{draw(between(0.1, 2, 1))} /year",
            "up_share": percent(draw(between(0, 1, 2))),
            "up_rate": draw(between(1.5, 30, 1)),
            "down_rate": draw(between(0.5, 30, 1)),
        }
    if price["curve"]["kind"] == "exponential":
        price["curve"]["floor"] = percent(draw(mostly(0.0, between(0, 0.5, 2))))
    salvage = percent(draw(between(0.05, 0.3, 2)))
    match draw(mostly(None, st.sampled_from(["declining_balance", "sum_of_years", "hedonic"]))):
        case "declining_balance":
            years = draw(st.integers(2, 8))
            table: Document = {"life": f"{years} years", "factor": f"{draw(between(0.5, 2, 1))}x"}
            price["curve"] = {"kind": "declining_balance", "salvage": salvage, **table}
        case "sum_of_years":
            price["curve"] = {
                "kind": "sum_of_years",
                "life": f"{draw(st.integers(1, 8))} years",
                "salvage": salvage,
            }
        case "hedonic":
            release = {"at": months(draw(st.integers(1, 48))), "gain": f"{draw(between(1, 3, 1))}x"}
            price["curve"] = {
                "kind": "hedonic",
                "decline": percent(draw(between(0, 0.3, 2))),
                "elasticity": percent(draw(between(0, 1, 2))),
                "release": {"next": release},
            }


@st.composite
def add_workout(draw: Draw, workout: Document, size: Size, has_market: bool) -> None:
    """Shrinkage, a sale over months and its weight on the market, a choice, a recovery that is drawn."""
    if has_market and draw(st.booleans()):
        workout["mode"] = "best"
        workout["choice_rate"] = draw(mostly(None, between(0, 0.3, 2).map(percent)))
    recovery = draw(between(0.1, 0.9, 2))
    if draw(st.booleans()):
        narrow = min(recovery, 1 - recovery)
        widest = math.sqrt(recovery * (1 - recovery) / (1 + LEAST_SHAPE / narrow))
        workout["claim_recovery"] = percent(recovery)
        workout["claim_recovery_sd"] = percent(0.99 * widest * draw(between(0.1, 1, 1)))
    workout["shrinkage"] = percent(draw(mostly(0.0, between(0, 1, 2))))
    workout["liquidation_months"] = months(draw(st.integers(1, 12)))
    if draw(st.booleans()):
        workout["market_depth"] = draw(st.integers(1, 2 * size.units))
        workout["price_impact"] = percent(draw(between(0, 0.5, 2)))
