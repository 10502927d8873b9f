"""Valid scenarios over the whole schema: plain deals with every further table and setting mixed in."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from spv_sim.scenario.model import Scenario
from tests.strategies import Document, Draw, Size, between, build, months, mostly, percent
from tests.strategies.contracts import add_contract
from tests.strategies.covenants import covenants
from tests.strategies.debts import capitals, equities, maintenance, waterfalls
from tests.strategies.defaults import guarantors, outcomes, releases
from tests.strategies.filed import add_filed, close_at_completion
from tests.strategies.fleets import add_generations, add_losses
from tests.strategies.markets import add_credit, add_curve, add_workout, correlations, rates, utilisations
from tests.strategies.plain import documents as plain_documents
from tests.strategies.plain import lease_rates
from tests.strategies.refinancings import add_refinancing
from tests.strategies.years import to_years

CLOSINGS = [datetime.date(2026, 10, 31), datetime.date(2028, 2, 29), datetime.date(2027, 1, 1)]


def count_of(duration: str) -> int:
    """Months of a duration as this package writes it."""
    return int(duration.split()[0])


def size_of(document: Document) -> Size:
    """What the further tables must fit to."""
    (tranche,) = document["capital"]["tranche"].values()
    batches = document["fleet"]["batch"].values()
    prices = [int(batch["unit_cost"].split()[0]) for batch in batches]
    units = [batch["units"] for batch in batches]
    return Size(
        construction=count_of(document["grid"]["construction"]),
        term=count_of(document["lease"]["term"]),
        units=sum(units),
        cost=sum(price * count for price, count in zip(prices, units, strict=True)),
        lease_every=count_of(document["lease"]["payment_every"]),
        debt_every=count_of(tranche["payment_every"]),
        yearly=document["grid"].get("periods_per_year") == 1,
    )


@st.composite
def documents(draw: Draw) -> Document:
    """A scenario as its file would say it, some by years, some with rents that filed figures tell."""
    kind = draw(st.sampled_from([*["usual"] * 6, "yearly", "filed"]))
    document = draw(plain_documents(yearly=kind == "yearly"))
    if kind == "filed":
        close_at_completion(document)
    size = size_of(document)
    lease = document["lease"]
    if kind == "filed":
        draw(add_filed(document, size))
    last_end = draw(add_contract(document, size))
    draw(add_fleet(document, size))
    draw(add_market(document, size))
    longest = last_end - size.construction + count_of(lease["end_of_term"].get("re_let", "0 months"))
    draw(add_capital(document, size, longest))
    if size.yearly:
        to_years(document)
    return document


@st.composite
def add_fleet(draw: Draw, document: Document, size: Size) -> None:
    """Generations, and failures and casualties, which a grid of years does not count."""
    if draw(mostly(False, st.booleans())):
        draw(add_generations(document))
    if not size.yearly and draw(mostly(False, st.booleans())):
        draw(add_losses(document))


@st.composite
def add_draw_stop(draw: Draw, document: Document, size: Size) -> None:
    """Let a default before completion stop the draws, and say what becomes of batches to come."""
    credit = document["credit"]
    credit["draw_stop"] = draw(st.booleans())
    if not credit["draw_stop"] or size.yearly or not size.construction:
        return
    if "default_month" in credit and draw(st.booleans()):
        credit["default_month"] = months(draw(st.integers(1, size.construction)))
    for batch in document["fleet"]["batch"].values():
        batch["cancellable"] = draw(st.booleans())
        if batch["cancellable"] and not batch["deposit"].startswith("0.000000"):
            batch["deposit_forfeited"] = percent(draw(between(0, 1, 2)))


@st.composite
def add_market(draw: Draw, document: Document, size: Size) -> None:
    """All that a path draws, and what follows a default."""
    lease, credit = document["lease"], document["credit"]
    draw(add_credit(credit))
    draw(add_draw_stop(document, size))
    draw(add_curve(document["gpu_price"]))
    right = lease["end_of_term"]
    needs_market = "index" in lease or "renewal_months" in right or "re_let" in right
    if document["lease_rate"] is None and needs_market:
        document["lease_rate"] = draw(lease_rates(size.cost, size.units, size.term))
    has_market = document["lease_rate"] is not None
    draw(add_workout(document["workout"], size, has_market))
    if not size.yearly and draw(st.booleans()):
        credit["outcome"] = draw(outcomes(has_market))
    if draw(mostly(False, st.booleans())):
        credit["guarantor"] = draw(guarantors(size))
    if document["gpu_price"]["curve"]["kind"] != "hedonic" and draw(mostly(False, st.booleans())):
        document["gpu_price"]["release"] = draw(releases(has_market))
    if lease.get("billing") == "used" or draw(st.booleans()):
        document["utilisation"] = draw(utilisations())
    if draw(st.booleans()):
        document["rates"] = draw(rates())
        document["deal"].setdefault("closing", draw(st.sampled_from(CLOSINGS)))
    walks = credit.get("engine") in ("first_passage", "black_cox")
    document["correlation"] = draw(correlations(walks or "default_month" in credit))


@st.composite
def add_contingent_equity(draw: Draw, document: Document, size: Size) -> None:
    """Say who bears the rates up to completion, where they move and a loan floats."""
    capital = document["capital"]
    floats = any("base_rate" in tranche for tranche in capital["tranche"].values())
    moves = document.get("rates", {}).get("model") == "hull_white"
    if floats and moves and size.construction and draw(st.booleans()):
        capital["contingent_equity"] = False


@st.composite
def add_capital(draw: Draw, document: Document, size: Size, longest: int) -> None:
    """Debt, equity, covenants, reserves and a priority of payments."""
    accounts, lease = document["accounts"], document["lease"]
    document["capital"] = draw(capitals(size, longest, "rates" in document and not size.yearly))
    numbers = document["monte_carlo"]
    numbers |= {"pilot_paths": 64, "pilot_seed": numbers["seed"] ^ 1}
    if draw(st.booleans()):
        document["capital"] |= draw(equities())
    elif not size.yearly and draw(st.booleans()):
        lease_end = size.construction + longest - count_of(lease["end_of_term"].get("re_let", "0 months"))
        scheduled = "default_month" in document["credit"]
        draw(add_refinancing(document["capital"], size, lease_end, "rates" in document, scheduled))
    draw(add_contingent_equity(document, size))
    if draw(mostly(False, st.booleans())):
        shares = {name: percent(draw(between(0.01, 1, 2))) for name in ("gross_margin", "revenue_share")}
        document["vendor"] = shares
    tranches, tests = document["capital"]["tranche"], {}
    if draw(st.booleans()):
        may_cure = "equity" not in document["capital"]
        tests = draw(covenants(size.construction, size.debt_every, tranches, may_cure))
        document["capital"]["covenant"] = tests
    if draw(st.booleans()):
        accounts["maintenance"] = draw(maintenance(size))
    bears_costs = not lease["triple_net"] and not document["opex"]["per_month"].startswith("0 ")
    if bears_costs and draw(mostly(False, st.booleans())):
        accounts["working_capital"] = months(draw(st.integers(1, 12)))
    if draw(st.booleans()):
        reserves = [name for name in ("maintenance", "working_capital") if name in accounts]
        document["waterfall"] = draw(waterfalls(tranches, reserves, tests))


def scenarios() -> st.SearchStrategy[Scenario]:
    """Valid scenarios; some cannot close."""
    return documents().map(build)
