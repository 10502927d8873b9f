"""What may follow a lessee's default, who stands by it, and announced releases of better machines."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.strategies import Document, Draw, Size, between, months, mostly, percent, usd


@st.composite
def outcomes(draw: Draw, has_market: bool) -> Document:
    """By lot among some outcomes, or by the rent."""
    if has_market and draw(st.booleans()):
        otherwise = draw(st.sampled_from(["reject", "renegotiate"]))
        table: Document = {"decided_by": "rent", "otherwise": otherwise}
        table["essentiality"] = percent(draw(between(-0.5, 1, 1)))
        happens = {"assume", otherwise}
    else:
        kinds = ["reinstate", "assume", *(["renegotiate"] if has_market else [])]
        chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, unique=True))
        table = {name: percent(draw(between(0.1, 1 / len(chosen), 2))) for name in chosen}
        happens = set(chosen)
    if "reinstate" in happens:
        table["cure_months"] = months(draw(st.integers(1, 12)))
        table["default_interest"] = percent(draw(mostly(0.0, between(0, 0.3, 2))))
    if "assume" in happens:
        table["stay_months"] = months(draw(st.integers(1, 18)))
        table["administrative_rent_after"] = months(draw(st.integers(0, 12)))
    if "renegotiate" in happens:
        table["negotiation_months"] = months(draw(st.integers(0, 9)))
        table["market_premium"] = percent(draw(between(-0.3, 0.5, 1)))
    return table


@st.composite
def guarantors(draw: Draw, size: Size) -> Document:
    """A parent that pays the rent."""
    cap = draw(mostly(None, between(0.001, 0.5, 3)))
    return {
        "hazard": percent(draw(mostly(0.0, between(0, 1, 2)))),
        "correlation": draw(between(-1, 1, 1)),
        "cap": None if cap is None else usd(cap * size.cost),
    }


@st.composite
def delays(draw: Draw) -> Document:
    """How late a release comes."""
    match draw(st.sampled_from(["gamma", "lognormal", "triangular"])):
        case "gamma":
            shape, scale = draw(between(0.5, 4, 1)), draw(between(0.5, 6, 1))
            return {"kind": "gamma", "shape": shape, "scale": f"{scale} months"}
        case "lognormal":
            median, sd = draw(between(0.5, 9, 1)), draw(between(0.1, 1, 1))
            return {"kind": "lognormal", "median": f"{median} months", "sd_log": sd}
        case _:
            least, mode, most = draw(st.integers(0, 3)), draw(st.integers(3, 6)), draw(st.integers(7, 12))
            return {"kind": "triangular", "least": months(least), "mode": months(mode), "most": months(most)}


@st.composite
def releases(draw: Draw, has_market: bool) -> Document:
    """One to three releases."""
    return {
        f"release{number}": {
            "at": months(draw(st.integers(1, 48))),
            "delay": draw(st.one_of(st.just({}), delays())) or None,
            "mean_log": draw(between(-0.5, 0.1, 2)),
            "sd_log": draw(mostly(0.0, between(0, 0.3, 2))),
            "on_rents": draw(mostly(0.0, between(0, 1, 1))) if has_market else 0.0,
        }
        for number in range(draw(st.integers(1, 3)))
    }
