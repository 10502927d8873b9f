"""Valid scenarios of the plain deal that the oracle follows: one tranche, one lease, every market."""

from __future__ import annotations

from hypothesis import strategies as st

from spv_sim.scenario.model import Scenario
from tests.strategies import Document, Draw, between, build, months, mostly, percent


@st.composite
def fleets(draw: Draw, construction: int, last_pays: bool) -> tuple[Document, int, int]:
    """Batches, their units and their cost [USD]; with `last_pays` a large one is paid at completion."""
    count = draw(st.integers(1, 3))
    unit_cost = draw(st.integers(10_000, 60_000))
    units = sorted((draw(st.integers(1, 200_000)) for _ in range(count)), reverse=True)
    batches = {
        f"batch{number}": {
            "delivery": months(
                construction if last_pays and number == 0 else draw(st.integers(0, construction))
            ),
            "units": size,
            "unit_cost": f"{unit_cost} USD",
            "deposit": percent(draw(mostly(0.0, between(0.05, 0.5)))),
            "deposit_lead": months(draw(st.integers(0, 4))),
        }
        for number, size in enumerate(units)
    }
    return {"batch": batches}, sum(units), sum(units) * unit_cost


@st.composite
def leases(draw: Draw, construction: int, term: int, units: int, cost: int, destination: str) -> Document:
    """Rents worth 0.3 to 2 times the hardware cost over the term, said in one of the three ways."""
    worth = draw(between(0.3, 2.0, 2))
    lease: Document = {
        "term": months(term),
        "timing": draw(st.sampled_from(["arrears", "advance"])),
        "escalation": percent(draw(mostly(0.0, between(-0.1, 0.1, 3)))),
        "first_payment_to": destination,
        "triple_net": draw(st.booleans()),
    }
    match draw(st.sampled_from(["rate", "rate_factor", "implicit_rate"])):
        case "rate":
            hourly = worth * cost / term / units / 730
            lease |= {"rate": f"{hourly:.6f} USD/GPU-hour", "commitment": percent(draw(between(0.5, 1, 2)))}
        case "rate_factor":
            lease["rate_factor"] = f"{100 * worth / term:.6f} %/month"
        case _:
            lease["implicit_rate"] = percent(draw(between(0, 0.25, 3)))
            lease["implicit_residual"] = percent(draw(between(0, 0.4, 2)))
    paid_first = draw(mostly(0.0, between(0.01, 0.1)))
    in_money = draw(st.booleans())
    lease["first_payment"] = f"{round(paid_first * cost)} USD" if in_money else percent(paid_first)
    start = st.one_of(st.just(construction), st.integers(construction, construction + term))
    edges = sorted(draw(st.lists(start, max_size=4, unique=True)))
    lease["holiday"] = {
        f"holiday{start}": {
            "start": months(start),
            "end": months(end),
            "paid": percent(draw(between(0, 0.9, 1))),
        }
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    }
    return lease


@st.composite
def gpu_prices(draw: Draw, cost: int, units: int) -> Document:
    """Curve, noise, jumps and costs of sale."""
    kind = draw(st.sampled_from(["exponential", "straight_line", "table"]))
    curve: Document = {"kind": kind}
    if kind == "exponential":
        curve["decay"] = percent(draw(between(0, 0.6, 2)))
    elif kind == "straight_line":
        curve |= {"life": months(draw(st.integers(6, 72))), "salvage": percent(draw(between(0.05, 0.3, 2)))}
    else:
        shares = sorted(
            draw(st.lists(between(0.1, 0.95, 2), min_size=2, max_size=4, unique=True)), reverse=True
        )
        curve["points"] = {f"{12 * (n + 1)} months": percent(share) for n, share in enumerate(shares)}
    jump = {
        "intensity": f"{draw(between(0.1, 2, 1))} /year",
        "mean_log": draw(between(-0.4, 0.1, 2)),
        "sd_log": draw(between(0, 0.3, 2)),
    }
    return {
        "new_price": draw(mostly(None, st.integers(10_000, 60_000).map("{} USD".format))),
        "day_one_discount": percent(draw(between(0, 0.5, 2))),
        "curve": curve,
        "curve_is": draw(st.sampled_from(["mean", "median"])),
        "volatility": f"{draw(st.integers(0, 60))} %/sqrt(year)",
        "jump": jump if draw(st.booleans()) else None,
        "fall_at_default": percent(draw(mostly(0.0, between(0, 0.5, 2)))),
        "scrap_value": f"{draw(mostly(0, st.integers(0, cost // units // 4)))} USD",
        "sell_cost": percent(draw(between(0, 0.2, 2))),
        "liquidation_cost": percent(draw(between(0, 0.4, 2))),
    }


@st.composite
def lease_rates(draw: Draw, cost: int, units: int, term: int) -> Document:
    """A market rate around 0.3 to 1.5 times the hardware cost over the term."""
    hourly = cost / units / term / 730
    return {
        "initial": f"{draw(between(0.3, 1.5, 2)) * hourly:.6f} USD/GPU-hour",
        "mean_level": f"{draw(between(0.3, 1.5, 2)) * hourly:.6f} USD/GPU-hour",
        "decline": percent(draw(between(-0.1, 0.4, 2))),
        "half_life": f"{draw(between(1, 48, 1))} months",
        "volatility": f"{draw(st.integers(0, 60))} %/sqrt(year)",
    }


@st.composite
def workouts(draw: Draw, cost: int, units: int, term: int) -> Document:
    """What follows a default."""
    merchant_opex = draw(mostly(0.0, between(0, 0.5, 2))) * cost / units / term / 730
    return {
        "mode": draw(st.sampled_from(["remarket", "liquidate"])),
        "downtime": months(draw(st.integers(0, 18))),
        "enforcement_cost": f"{draw(mostly(0, st.integers(0, cost // 500)))} USD/month",
        "utilisation": percent(draw(between(0.3, 1, 2))),
        "market_haircut": percent(draw(between(0, 0.5, 2))),
        "merchant_opex": f"{merchant_opex:.6f} USD/GPU-hour",
        "claim_recovery": percent(draw(between(0, 1, 2))),
        "claim_rate": percent(draw(between(0, 0.2, 3))),
        "claim_lag": months(draw(st.integers(0, 30))),
        "claim_mitigation": draw(st.booleans()),
    }


@st.composite
def tranches(draw: Draw, every: int, term: int) -> Document:
    """Terms of the debt."""
    tenor = every * draw(st.integers(1, term // every))
    return {
        "coupon": percent(draw(between(0, 0.16, 4))),
        "tenor": months(tenor),
        "amortisation": draw(st.sampled_from(["level", "straight_line"])),
        "payment_every": months(every),
        "upfront_fee": percent(draw(between(0, 0.03))),
        "oid": percent(draw(between(0, 0.03))),
        "commitment_fee": percent(draw(between(0, 0.02))),
        "dsra": months(draw(mostly(0, st.integers(0, min(6, tenor))))),
        "lock_up_dscr": draw(mostly(None, between(1.0, 2.0, 2))),
        "grace": draw(st.integers(1, 4)),
        "interest_on_arrears": draw(st.sampled_from(["none", "coupon"])),
    }


@st.composite
def credits(draw: Draw, construction: int, term: int) -> Document:
    """No default, a hazard (flat or by year, up to one at which few survive), any engine, or a schedule."""
    credit: Document = {
        "measure": draw(st.sampled_from(["P", "Q"])),
        "clock": draw(st.sampled_from(["closing", "cod"])),
        "draw_stop": False,  # the identities are told from the contract's units and the planned draws
    }
    match draw(st.sampled_from(["hazard", "scheduled", "none", "passage", "black_cox", "cir"])):
        case "hazard" | "passage" as kind:
            rates = draw(st.lists(between(0, 1.5, 2), min_size=1, max_size=4))
            credit["hazard"] = [f"{100 * rate:.2f} %/year" for rate in rates]
            credit["engine"] = "first_passage" if kind == "passage" else "hazard"
        case "black_cox":
            credit["engine"] = "black_cox"
            credit["black_cox"] = {
                "distance": draw(between(0.05, 3, 2)),
                "distance_drift": percent(draw(between(-0.5, 0.5, 2))),
                "volatility": f"{draw(st.integers(1, 200))} %/sqrt(year)",
            }
        case "cir":
            credit["engine"] = "cir"
            credit["hazard"] = [percent(draw(between(0.1, 1.5, 2)))]
            credit["cir"] = {
                "initial": percent(draw(between(0, 0.05, 3))),
                "level": percent(draw(between(0.001, 0.05, 3))),
                "half_life": months(draw(st.integers(1, 60))),
                "volatility": f"{draw(st.integers(1, 100))} %/sqrt(year)",
            }
        case "scheduled":
            credit["default_month"] = months(draw(st.integers(construction + 1, construction + term)))
    return credit


@st.composite
def documents(draw: Draw, yearly: bool = False) -> Document:
    """A scenario as its file would say it; on a grid of years some dates are still to be lengthened."""
    if yearly:
        construction, lease_every, debt_every = 12 * draw(st.integers(0, 1)), 12, 12
    else:
        construction = draw(st.integers(0, 6))
        lease_every, debt_every = draw(st.sampled_from([1, 3])), draw(st.sampled_from([1, 3]))
    step = max(lease_every, debt_every)
    term = step * draw(st.integers(1, 72 // step if yearly else 36 // step))
    destination = draw(st.sampled_from(["trap", "equity", "reduces_uses"]))
    fleet, units, cost = draw(fleets(construction, destination == "reduces_uses"))
    workout = draw(workouts(cost, units, term))
    let_again = workout["mode"] == "remarket" or draw(st.booleans())
    sized = draw(st.sampled_from(["debt_share", "advance_rate"]))
    share = draw(between(0.05, 0.85, 2) if sized == "debt_share" else between(0.05, 0.75, 2))
    opex = round(draw(mostly(0.0, between(0, 0.6, 2))) * cost / term)
    return {
        "schema": 1,
        "deal": {"name": "random", "hurdle": percent(draw(between(0, 0.2, 2)))},
        "grid": {
            "construction": months(construction),
            "tail": months(draw(st.sampled_from([0, 12, 24]))),
            **({"periods_per_year": 1} if yearly else {}),
        },
        "fleet": fleet,
        "lease": {
            "payment_every": months(lease_every),
            **draw(leases(construction, term, units, cost, destination)),
        },
        "gpu_price": draw(gpu_prices(cost, units)),
        "lease_rate": draw(lease_rates(cost, units, term)) if let_again else None,
        "credit": draw(credits(construction, term)),
        "workout": workout,
        "opex": {"per_month": f"{opex} USD/month"},
        "accounts": {"interest_rate": percent(draw(mostly(0.0, between(0, 0.05, 3))))},
        "capital": {
            sized: percent(share),
            "other_costs": f"{draw(mostly(0, st.integers(0, cost // 50)))} USD",
            "tranche": {"senior": draw(tranches(debt_every, term))},
        },
        "correlation": {"gpu_price": {"lease_rate": draw(between(-1, 1, 1))}} if let_again else {},
        "monte_carlo": {"paths": 1, "seed": draw(st.integers(0, 2**64 - 1))},
    }


@st.composite
def pairs_of(draw: Draw, every: int, term: int) -> Document:
    """Two tranches, one behind the other or side by side, each with a size that leaves room for the other."""
    table: Document = {}
    for name, least in (("senior", 1), ("mezz", draw(st.sampled_from([1, 2])))):
        kinds = ["level", "straight_line", "bullet", "scheduled_share"]
        terms = draw(tranches(every, term)) | {"rank": least, "amortisation": draw(st.sampled_from(kinds))}
        terms |= {
            "pik": draw(st.booleans()),
            "default_margin": percent(draw(mostly(0.0, between(0, 0.05, 3)))),
            "cash_sweep": percent(draw(mostly(0.0, between(0.05, 1, 2)))),
            draw(st.sampled_from(["debt_share", "advance_rate"])): percent(draw(between(0.05, 0.38, 2))),
        }
        if terms["amortisation"] == "scheduled_share":
            terms["scheduled_share"] = f"{draw(between(0, 5, 1))} %/month"
        table[name] = terms
    return table


@st.composite
def with_pairs(draw: Draw) -> Document:
    """A plain deal with two tranches."""
    document = draw(documents())
    capital = document["capital"]
    every = int(capital["tranche"]["senior"]["payment_every"].split()[0])
    term = int(document["lease"]["term"].split()[0])
    tranches = draw(pairs_of(every, term))
    return document | {"capital": {"other_costs": capital["other_costs"], "tranche": tranches}}


def pairs() -> st.SearchStrategy[Scenario]:
    """Valid scenarios of two tranches."""
    return with_pairs().map(build)


def claims() -> st.SearchStrategy[Scenario]:
    """Valid scenarios in which a claim is paid that re-letting or a sale reduces."""
    claim = {"claim_mitigation": True, "claim_recovery": "50 %", "claim_lag": "1 months"}
    hazard = {"measure": "P", "hazard": ["60 %/year"], "draw_stop": False}
    return documents().map(lambda d: build(d | {"workout": d["workout"] | claim, "credit": hazard}))


def scenarios() -> st.SearchStrategy[Scenario]:
    """Valid scenarios."""
    return documents().map(build)
